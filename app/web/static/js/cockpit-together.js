/* Several people in one interview: what the others saved, who is here, and saying that one is here oneself. */

import { formToken } from "./queue.js";

const LOOK_EVERY = 4000;
const SHOW_EVERY = 15000;

/**
 * Look for changes and show presence as long as the page is seen. `hears` gets: answer(answer) for everything that stands,
 * others(list), concluded(isSo), signedOut(). `at()` tells the item one is at.
 */
export function stayTogether(root, at, hears) {
  let since = root.dataset.stamp;
  let isLooking = false;

  async function look() {
    if (isLooking || document.visibilityState === "hidden") return;
    isLooking = true;
    try {
      const response = await fetch(`${root.dataset.changes}?since=${encodeURIComponent(since)}`, { headers: { Accept: "application/json" } });
      if (response.status === 401) hears.signedOut();
      if (!response.ok) return;
      const found = await response.json();
      since = found.since;
      found.answers.forEach(hears.answer);
      hears.others(found.others);
      hears.concluded(found.concluded);
    } catch (error) {
      /* No network: the queue says so already, the next look will tell. */
    } finally {
      isLooking = false;
    }
  }

  let shownAt = 0;
  function showUp() {
    if (!("writes" in root.dataset) || document.visibilityState === "hidden") return;
    shownAt = Date.now();
    fetch(root.dataset.presence, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": formToken() },
      body: JSON.stringify({ item: at() }),
    }).catch(() => {});
  }

  setInterval(look, LOOK_EVERY);
  setInterval(showUp, SHOW_EVERY);
  document.addEventListener("visibilitychange", () => { look(); showUp() });
  showUp();
  /** Tell the others at once that one has moved on, but not at every step of a walk through the list. */
  return () => { if (Date.now() - shownAt > LOOK_EVERY) showUp() };
}
