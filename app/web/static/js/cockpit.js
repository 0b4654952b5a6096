/* The cockpit: every part is a plain form; this makes it save by itself, shows one part at a time, listens to keys,
   keeps the side up to date and tells what others do. Written for ES2017. */

import { box, clear, isSame, keepSense, readBack, saidIn, show } from "./cards.js";
import { showErrors } from "./cockpit-cards.js";
import { conflictDialog, settled, showBeside } from "./cockpit-conflict.js";
import { listenToKeys, searchFor } from "./cockpit-keys.js";
import { keepPace } from "./cockpit-pace.js";
import { takePhotos } from "./cockpit-photos.js";
import { stayTogether } from "./cockpit-together.js";
import { AnswerQueue } from "./queue.js";
import { showSaveState } from "./save-state.js";

const { htmx } = window;
const PICKED = 350;   /* after a click or key: an evidence grade often follows at once */
const TYPED = 900;

const byId = (id) => document.getElementById(id);
const root = byId("cockpit");
const spoken = byId("spoken").dataset;
const cards = Array.from(root.querySelectorAll(".question"));
const parts = Array.from(root.querySelectorAll(".part"));
const writes = "writes" in root.dataset;
const placeKey = `zm-at:${root.dataset.response}`;

const partOf = (card) => card.closest(".part");
const formOf = (card) => card.closest("form");
const responseOf = (card) => formOf(card).dataset.response;
const cardOf = (response, item) => cards.find((card) => card.dataset.item === item && responseOf(card) === response);
const cardsIn = (part) => Array.from(part.querySelectorAll(".question"));
const say = (words) => { byId("cockpit-says").textContent = words };

/* -- where one is --------------------------------------------------------------------------------- */

let current = null;

function setCurrent(card, { focus = true, scroll = true } = {}) {
  if (current && current !== card) {
    current.classList.remove("is-current");
    current.removeAttribute("aria-current");
  }
  current = card;
  card.classList.add("is-current");
  card.setAttribute("aria-current", "true");
  if (focus) card.focus({ preventScroll: true });
  if (scroll) card.scrollIntoView({ block: "start" });
  try {
    sessionStorage.setItem(placeKey, card.id);
  } catch (error) {
    /* Not remembered: after a reload the part begins at its first open question. */
  }
  tellWhere();
}

/** On a narrow screen the agenda is a strip: bring a part of it into sight. */
function reveal(link) {
  byId("agenda").scrollLeft = link.parentElement.offsetLeft - byId("agenda").offsetLeft;
}

function showPart(part) {
  if (part.classList.contains("is-shown")) return;
  parts.forEach((each) => each.classList.toggle("is-shown", each === part));
  const address = new URL(location.href);
  byId("agenda").querySelectorAll("a").forEach((link) => {
    if (link.dataset.goes !== part.dataset.part) {
      link.removeAttribute("aria-current");
      return;
    }
    link.setAttribute("aria-current", "step");
    reveal(link);
    address.search = new URL(link.href).search;
  });
  address.hash = "";
  history.replaceState(null, "", address);
  /* The language switch comes back to this part. */
  document.querySelectorAll("input[name='here']").forEach((input) => { input.value = address.pathname + address.search });
}

const firstOpen = (part) => cardsIn(part).find((card) => !card.classList.contains("is-done")) || cardsIn(part)[0];

function goCard(card) {
  showPart(partOf(card));
  setCurrent(card);
}

function goPart(key) {
  const part = parts.find((each) => each.dataset.part === key);
  showPart(part);
  setCurrent(firstOpen(part), { scroll: false });
  if (current === cardsIn(part)[0]) window.scrollTo(0, 0);
  else current.scrollIntoView({ block: "start" });
}

function step(by) {
  const order = cards.filter((card) => card.isConnected);
  const next = order[order.indexOf(current) + by];
  if (next) goCard(next);
}

function stepPart(by) {
  const next = parts[parts.indexOf(partOf(current)) + by];
  if (next) goPart(next.dataset.part);
}

/* -- saving ----------------------------------------------------------------------------------------- */

const saveState = byId("save-state");

function showState() {
  if (!saveState) return;
  const [state, waiting] = queue.state();
  showSaveState(saveState, state, waiting);
  byId("settle").hidden = state !== "conflict" && state !== "refused";
}

/** What was last taken down of each question: leaving a field that was not changed saves nothing. */
const known = new Map();
const know = (card) => known.set(card, JSON.stringify(saidIn(card)));

function edit(card, delay) {
  const said = saidIn(card);
  if (known.get(card) === JSON.stringify(said)) {
    if (!delay) queue.now();
    return;
  }
  know(card);
  queue.put(formOf(card).dataset.answers, responseOf(card), card.dataset.item, said, Number(card.dataset.revision), delay);
  showErrors(card, null);
  mark(card);
  pace.took(partOf(card));
}

/** Show whether a question has an answer, and count. */
function mark(card) {
  const { typed } = saidIn(card);
  card.classList.toggle("is-done", typed.length > 0);
  const clears = card.querySelector("[data-clears]");
  if (clears) clears.hidden = !typed.length;
  readBack(card);
  pace.count(partOf(card));
}

function standing(card, revision, by) {
  card.dataset.revision = revision;
  const base = card.querySelector(`[name="${card.id}_base"]`);
  if (base) base.value = revision;
  if (by) card.querySelector("[data-by]").textContent = by;
  const link = card.querySelector("[data-history]");
  if (link) link.hidden = !revision;
}

const by = (who, at) => spoken.by.replace("{who}", who).replace("{at}", at);

const hears = {
  changed() {
    showState();
    if (isConcluding) conclude();
  },
  saved(entry, answer) {
    const card = cardOf(entry.response, entry.item);
    if (card) standing(card, answer.revision, by(answer.who || spoken.me, answer.at_words));
    byId("signed-out").hidden = true;
    refreshSide();
  },
  stale(entry) {
    const card = cardOf(entry.response, entry.item);
    if (!card) return;
    showBeside(card, entry, spoken, settle);
    askWhich(card, entry);
  },
  refused(entry) {
    if (entry.state === "closed" || entry.state === "gone") {
      stuck(entry.state === "closed" ? spoken.concluded : spoken.gone);
      return;
    }
    const card = cardOf(entry.response, entry.item);
    if (card) showErrors(card, entry.told);
  },
  signedOut() { byId("signed-out").hidden = false },
  full() { stuck(spoken.full) },
};

function stuck(words) {
  byId("stuck").querySelector("[data-words]").textContent = words;
  byId("stuck").hidden = false;
}

const queue = new AnswerQueue(`zm-answers:${root.dataset.member}:${root.dataset.engagement}`, root.dataset.token, isSame, hears);
const pace = keepPace(root, spoken);

/* -- what the answers say so far ---------------------------------------------------------------------- */

const side = byId("so-far");

/** What stands beside the questions is a save old until it is exchanged, and without a network stays so. */
function refreshSide() {
  side.removeAttribute("data-fresh");
  if (navigator.onLine) side.dispatchEvent(new Event("refresh"));
}
side.addEventListener("htmx:afterSettle", () => side.setAttribute("data-fresh", ""));
side.addEventListener("htmx:sendError", (event) => event.stopPropagation());
/* An expired sign-in must not take this page away: it says so, and goes on when one has signed in elsewhere. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401) return;
  event.preventDefault();
  hears.signedOut();
});
window.addEventListener("online", () => { if (!side.hasAttribute("data-fresh")) refreshSide() });

/* -- conflicts ---------------------------------------------------------------------------------------- */

function settle(card, entry, choice) {
  settled(card);
  /* What is in the fields may be newer than what the dialog was opened with. */
  if (choice === "mine") standing(card, entry.told.revision, "");
  else {
    show(card, entry.told);
    know(card);
    standing(card, entry.told.revision, by(entry.told.who || spoken.respondent, entry.told.at_words));
    mark(card);
  }
  queue.settle(entry.response, entry.item, choice);
  setCurrent(card, { scroll: false });
}

const openConflict = conflictDialog(spoken, (card, entry, choice) => {
  if (choice === "edit") goCard(card);
  else settle(card, entry, choice);
});

/** Ask at once, but never while somebody types elsewhere: then the save state says there is a conflict. */
function askWhich(card, entry) {
  const typing = document.activeElement;
  const isBusy = typing && typing.matches("textarea, input[type='text'], input[type='search']") && !card.contains(typing);
  if (!isBusy && !document.querySelector("dialog[open]")) openConflict(card, entry);
}

/** Go to what only a person can settle: first conflicts, then what was refused. */
function goSettle() {
  const [state] = queue.state();
  const open = queue.entries().filter((each) => each.state === (state === "conflict" ? "stale" : "refused"));
  const entry = open.find((each) => cardOf(each.response, each.item));
  if (!entry) {
    stuck(spoken.elsewhere);
    return;
  }
  const card = cardOf(entry.response, entry.item);
  goCard(card);
  if (state === "conflict") openConflict(card, entry);
  else if (box(card)) box(card).focus();
}

/* -- what others do ------------------------------------------------------------------------------------- */

let tellWhere = () => {};

function heardAnswer(answer) {
  const card = cardOf(answer.response, answer.item);
  if (!card || answer.revision <= Number(card.dataset.revision) || queue.find(answer.response, answer.item)) return;
  show(card, answer);
  know(card);
  standing(card, answer.revision, by(answer.who || spoken.respondent, answer.at_words));
  mark(card);
  card.classList.add("is-changed");
  say(spoken.changed.replace("{who}", answer.who || spoken.respondent).replace("{code}", card.dataset.code));
  refreshSide();
}

function heardOthers(others) {
  const names = others.map(({ name, item }) => {
    const card = item && cards.find((each) => each.dataset.item === item);
    return card ? spoken.at.replace("{name}", name).replace("{code}", card.dataset.code) : name;
  });
  const words = names.length ? spoken.here.replace("{names}", names.join(spoken.joiner)) : "";
  const told = byId("others").querySelector("[data-words]");
  byId("others").hidden = !words;
  if (told.textContent !== words) told.textContent = words;
}

/* -- listening ---------------------------------------------------------------------------------------------- */

root.addEventListener("change", (event) => {
  const card = event.target.closest(".question");
  if (!card || !writes || event.target.type === "file") return;
  keepSense(card, event.target);
  edit(card, event.target.matches("textarea, input[type='text']") ? 0 : PICKED);
});
root.addEventListener("input", (event) => {
  const card = event.target.closest(".question");
  if (!card || !writes || !event.target.matches("textarea, input[type='text']")) return;
  keepSense(card, event.target);
  edit(card, TYPED);
});
root.addEventListener("submit", (event) => {
  event.preventDefault();
  queue.hurry();
});

/* The question under the pointer becomes current after the click, so that nothing moves beneath it. */
let isPointing = false;
root.addEventListener("pointerdown", () => { isPointing = true });
root.addEventListener("focusin", (event) => {
  const card = event.target.closest(".question");
  if (card && card !== current && !isPointing) setCurrent(card, { focus: false, scroll: false });
});
document.addEventListener("click", (event) => {
  isPointing = false;
  const near = (selector) => event.target.closest(selector);
  const card = near(".question");
  if (card && card !== current) setCurrent(card, { focus: false, scroll: false });
  if (near("[data-clears]")) {
    clear(card);
    edit(card, 0);
    card.focus({ preventScroll: true });
  }
  const link = near("[data-history]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    htmx.ajax("GET", link.href, "#history-slot");
  }
  const goes = near("[data-goes]");
  if (goes && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    goPart(goes.dataset.goes);
  }
  const jumps = near("[data-jumps]");
  const target = jumps && cards.find((each) => each.dataset.item === jumps.dataset.jumps);
  if (target) {
    event.preventDefault();
    goCard(target);
  }
  if (near("#open-keys")) byId("keys").showModal();
  if (near("#open-jump")) openSearch();
  if (near("#settle")) goSettle();
});

const openSearch = searchFor(cards, goCard);

function pick(key) {
  const input = current.querySelector(`input[data-key="${key}"]`);
  if (!input || input.matches(":disabled")) return false;
  input.focus({ preventScroll: true });
  input.click();
  return true;
}

function write(end) {
  const area = writes && current.querySelector(`textarea[name="${current.id}_${end}"]`);
  if (!area) return;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

const does = {
  digit(key) {
    const typing = box(current);
    if (!typing || !typing.matches("input")) return pick(key);
    /* A number is begun by its first digit, which goes on into the box. */
    if (writes) {
      typing.focus();
      typing.select();
    }
    return false;
  },
  unknown: () => pick("n"),
  clear() {
    if (!writes) return;
    clear(current);
    edit(current, PICKED);
  },
  evidence(by) {
    const grades = Array.from(current.querySelectorAll(`[name="${current.id}_evidence"]`));
    if (!grades.length || !writes) return;
    const at = grades.findIndex((input) => input.checked);
    const next = grades[(at + by + grades.length) % grades.length];
    next.checked = true;
    edit(current, PICKED);
    say(spoken.evidenced.replace("{grade}", current.querySelector(`label[for="${next.id}"]`).textContent.trim()));
  },
  note: () => write("note"),
  quote: () => write("quote"),
  enter() {
    const typing = box(current);
    if (typing && writes) typing.focus();
    else step(1);
  },
  next: () => step(1),
  previous: () => step(-1),
  nextPart: () => stepPart(1),
  previousPart: () => stepPart(-1),
  jump: () => openSearch(),
  help: () => byId("keys").showModal(),
  leaveField() { current.focus({ preventScroll: true }) },
};

takePhotos(root, spoken, say);

/* -- beginning ------------------------------------------------------------------------------------------------ */

/** Put what an earlier page could not send back into the fields. */
function restore() {
  queue.entries().forEach((entry) => {
    const card = cardOf(entry.response, entry.item);
    if (!card) return;
    show(card, { typed: entry.said.typed, evidence: entry.said.evidence, note: entry.said.note, quote: entry.said.quote });
    mark(card);
    if (entry.state === "refused") showErrors(card, entry.told);
    if (entry.state === "stale") showBeside(card, entry, spoken, settle);
  });
}

function placeToBegin() {
  const hash = location.hash.slice(1);
  const linked = hash && cards.find((card) => card.id === hash);
  if (linked) return linked;
  const shown = parts.find((part) => part.classList.contains("is-shown")) || parts[0];
  let left = "";
  try {
    left = sessionStorage.getItem(placeKey);
  } catch (error) {
    /* Begin at the first open question then. */
  }
  return cardsIn(shown).find((card) => card.id === left) || firstOpen(shown);
}

/* An interview is closed once everything in it is on the server. */
const concluding = document.querySelector("form[action$='/conclude']");
let isConcluding = false;

function conclude() {
  const [state, waiting] = queue.state();
  if (state === "saved") {
    isConcluding = false;
    concluding.submit();
    return;
  }
  if (state === "saving") return;
  isConcluding = false;
  concluding.dataset.once = "";
  stuck(spoken.unsaved.replace("{n}", waiting));
}

if (concluding) {
  concluding.addEventListener("submit", (event) => {
    if (queue.state()[0] === "saved") return;
    event.preventDefault();
    isConcluding = true;
    queue.now();
    conclude();
  });
}

if (cards.length) {
  /* On a narrow screen the question comes first. */
  const guide = byId("guide");
  if (guide && matchMedia("(max-width: 63.99rem)").matches) guide.open = false;
  /* Without a script one takes an answer back by "not answered yet"; with one there is a button and a key. */
  root.querySelectorAll(".level.no-script").forEach((row) => row.remove());
  if (writes) restore();
  cards.forEach((card) => { know(card); readBack(card) });
  listenToKeys(does);
  const first = placeToBegin();
  showPart(partOf(first));
  reveal(byId("agenda").querySelector("[aria-current]"));
  setCurrent(first, { focus: false, scroll: first !== cardsIn(partOf(first))[0] });
  tellWhere = stayTogether(root, () => current.dataset.item, {
    answer: heardAnswer,
    others: heardOthers,
    concluded: (isSo) => { if (isSo && writes) stuck(spoken.concluded) },
    signedOut: () => hears.signedOut(),
  });
  if (writes) queue.start();
  showState();
}
