/* While the three pages are drawn, the page asks how far they are. Without this there is a link. */

const ASK_EVERY = 1500;
const place = document.getElementById("printing");
let shown = "";

const isAtWork = () => place.firstElementChild && place.firstElementChild.dataset.state === "at-work";

async function ask() {
  try {
    const answer = await fetch(place.dataset.asks, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const words = answer.ok ? await answer.text() : shown;
    // What has not changed stays: it would be read out again.
    if (words !== shown) {
      const part = new DOMParser().parseFromString(words, "text/html").body;
      place.replaceChildren(...part.children);
      shown = words;
    }
  } catch (error) {
    // No reception: what stands there stays, and the next try comes by itself.
  }
  if (isAtWork()) setTimeout(ask, ASK_EVERY);
}

if (place && isAtWork()) setTimeout(ask, ASK_EVERY);
