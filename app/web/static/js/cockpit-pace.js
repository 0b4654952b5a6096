/* How far the interview is and how long it takes: questions answered, minutes spent of those planned. */

const BREAK = 20 * 60 * 1000;   /* a longer silence is a break and counts for nothing; so says the server */
const TICK = 15000;

const minutes = (milliseconds) => Math.floor(milliseconds / 60000);

/** Return {took(part), count(part)}: tell them that an answer came, or went. */
export function keepPace(root, spoken) {
  const links = new Map(Array.from(root.querySelectorAll("[data-goes][data-spent]"), (link) => [link.dataset.goes, link]));
  const spent = new Map(Array.from(links, ([key, link]) => [key, Number(link.dataset.spent) * 1000]));
  let last = Date.parse(root.dataset.last);

  const since = () => {
    const pause = Date.now() - last;
    return pause > 0 && pause < BREAK ? pause : 0;
  };
  const words = (done, planned) => (done > planned && planned ? spoken.over : spoken.minutes).replace("{spent}", done).replace("{n}", planned);

  function show() {
    const shown = root.querySelector(".part.is-shown");
    const here = shown && links.get(shown.dataset.part);
    links.forEach((link, key) => {
      const planned = Number(link.dataset.minutes);
      const milliseconds = spent.get(key) + (link === here ? since() : 0);
      if (!planned || !milliseconds) return;
      link.querySelector("[data-time]").textContent = words(minutes(milliseconds), planned);
      link.parentElement.classList.toggle("agenda-over", minutes(milliseconds) > planned);
    });
    const whole = document.getElementById("whole-clock");
    if (whole) whole.textContent = words(minutes(Array.from(spent.values()).reduce((sum, one) => sum + one, 0) + since()), Number(root.dataset.minutes));
  }

  function count(part) {
    const done = part.querySelectorAll(".question.is-done").length;
    const link = links.get(part.dataset.part);
    link.querySelector("[data-done]").textContent = done;
    link.querySelector("[data-all]").hidden = done < part.querySelectorAll(".question").length;
    const whole = root.querySelectorAll(".question.is-done").length;
    document.getElementById("whole-count").textContent = whole;
    document.getElementById("whole-progress").value = whole;
  }

  setInterval(show, TICK);
  return {
    count,
    took(part) {
      spent.set(part.dataset.part, spent.get(part.dataset.part) + since());
      last = Date.now();
      show();
    },
  };
}
