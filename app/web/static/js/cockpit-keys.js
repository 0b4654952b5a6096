/* The keyboard of the cockpit: single keys while nobody types, and the search for a question. */

const byId = (id) => document.getElementById(id);
const SWITCH = "zm-keys";

/** Whether an element takes what is typed. */
export const takesText = (element) => element.matches("textarea, select, [contenteditable], input:not([type='radio']):not([type='checkbox']):not([type='button'])");

/**
 * Listen to keys. `does` has one function per key: digit(d), unknown(), clear(), evidence(step), note(), quote(),
 * enter(), next(), previous(), nextPart(), previousPart(), jump(), help(), leaveField(element).
 */
export function listenToKeys(does) {
  const isOn = rememberSwitch();
  const acts = {
    n: () => does.unknown(), Delete: () => does.clear(), Backspace: () => does.clear(),
    e: () => does.evidence(1), E: () => does.evidence(-1), m: () => does.note(), q: () => does.quote(),
    j: () => does.next(), k: () => does.previous(), ArrowDown: () => does.next(), ArrowUp: () => does.previous(),
    ArrowRight: () => does.nextPart(), ArrowLeft: () => does.previousPart(), "/": () => does.jump(), "?": () => does.help(),
    /* The same two keys while a Chinese keyboard is on. */
    "、": () => does.jump(), "？": () => does.help(),
  };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (takesText(target)) {
      if (key === "Escape") does.leaveField(target);
      else if (key === "Enter" && target.matches("input[data-types]")) {
        event.preventDefault();
        does.next();
      }
      return;
    }
    const isPressed = target.matches("a, button, summary");
    if (key === "Enter") {
      /* In a radio group Enter would send the form. */
      if (isPressed) return;
      event.preventDefault();
      if (isOn()) does.enter();
      return;
    }
    if (!isOn()) return;
    if (/^[0-9]$/.test(key)) {
      if (does.digit(key)) event.preventDefault();
      return;
    }
    const act = acts[key.length === 1 && key !== "E" ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** The switch for single keys lies in the help; the choice is this browser's. */
function rememberSwitch() {
  const box = byId("keys-on");
  try {
    box.checked = localStorage.getItem(SWITCH) !== "off";
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  } catch (error) {
    /* A browser that stores nothing: the switch holds for this page. */
  }
  return () => box.checked;
}

/** The search: a list of questions, filtered by code or text; `go(card)` is told the one chosen. */
export function searchFor(cards, go) {
  const dialog = byId("jump");
  const input = byId("jump-input");
  const list = byId("jump-list");
  const found = cards.map((card, place) => {
    const option = document.createElement("li");
    option.id = `jump-${place}`;
    option.setAttribute("role", "option");
    const code = document.createElement("span");
    code.className = "question-code";
    code.textContent = card.dataset.code;
    option.append(code, ` ${card.dataset.short}`);
    const text = `${card.dataset.code} ${card.dataset.short} ${card.querySelector("h3").textContent}`.toLowerCase();
    option.addEventListener("click", () => choose(place));
    return { option, card, text };
  });
  let shown = [];
  let at = 0;

  function choose(place) {
    dialog.close();
    go(found[place].card);
  }
  function mark(place) {
    at = Math.max(0, Math.min(place, shown.length - 1));
    shown.forEach(({ option }, index) => option.setAttribute("aria-selected", index === at ? "true" : "false"));
    if (shown.length) {
      input.setAttribute("aria-activedescendant", shown[at].option.id);
      shown[at].option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }
  function filter() {
    const parts = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = found.filter(({ card, text }) => parts.every((part) => text.includes(part)) && card.isConnected);
    list.textContent = "";
    shown.forEach(({ option, card }) => {
      option.classList.toggle("is-done", card.classList.contains("is-done"));
      list.append(option);
    });
    byId("jump-none").hidden = shown.length > 0;
    mark(0);
  }
  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown.length) choose(found.indexOf(shown[at]));
    }
  });
  return () => {
    input.value = "";
    filter();
    dialog.showModal();
    input.focus();
  };
}
