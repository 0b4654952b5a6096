/* The quiet word on whether what was typed is safe: see save_state in components/status.html. */

const OUT_OF_ORDER = new Set(["held", "offline", "refused", "conflict"]);
const MANY = 3;   /* a queue longer than one makes by answering is counted down */

/**
 * Show a state: "saved", "saving", "held", "offline", "refused" or "conflict"; waiting counts the answers not yet sent.
 * Saving is seen but not read out at every key; going out of order, and back, is.
 */
export function showSaveState(element, state, waiting = 0) {
  const before = element.dataset.state;
  const isLong = state === "saving" && waiting > MANY;
  const words = element.dataset[isLong ? "queued" : state].replace("{n}", waiting);
  element.dataset.state = state;
  element.querySelector("[data-words]").textContent = words;
  const announced = element.querySelector("[data-announced]");
  if (OUT_OF_ORDER.has(state)) {
    if (state !== before) announced.textContent = words;
  } else if (state === "saved" && announced.textContent) {
    announced.textContent = words;
  }
}
