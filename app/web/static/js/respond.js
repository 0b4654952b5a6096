/* A respondent's questionnaire: every screen is a plain form; this saves each answer as it is given, keeps what has no
   network yet on the phone, and has the other screens ready so that one goes on answering without a network.
   Written for ES2017, for the browsers inside other programs as well. */

import { box, isSame, keepSense, readBack, saidIn, show, typedIn } from "./cards.js";
import { AnswerQueue } from "./queue.js";
import { inWords, showBoth, takeBothAway } from "./respond-conflict.js";
import { takePhotos } from "./respond-photos.js";
import { showSaveState } from "./save-state.js";

const PICKED = 200;
const TYPED = 900;
const BETWEEN_PAGES = 1200;   /* a whole workshop opens the form in the same minute */
const TRY_AGAIN = 15000;
const A_MOMENT = 60;

const byId = (id) => document.getElementById(id);
const bar = byId("keeping");
const spoken = bar.dataset;
const { response } = spoken;
const isAsking = "screen" in spoken;
const fill = (words, n) => words.replace("{n}", n);

/* -- the screens: shown, or ready to be ---------------------------------------------------------- */

const doneOn = isAsking ? spoken.done.split(",").map(Number) : [];
const screens = new Map();   /* number → {column, title, cards} */
let at = isAsking ? Number(byId("answers").dataset.number) : 0;

const urlOf = (number) => spoken.screen.replace(/\d+$/, number);
const cardsOf = (number) => (screens.has(number) ? screens.get(number).cards : []);
const numberOf = (card) => Array.from(screens.keys()).find((number) => cardsOf(number).includes(card));
const cardOf = (item) => {
  const number = Array.from(screens.keys()).find((each) => cardsOf(each).some((card) => card.dataset.item === item));
  return cardsOf(number).find((card) => card.dataset.item === item);
};

function stuck(words) {
  byId("stuck").textContent = words;
  byId("stuck").hidden = !words;
  if (words) bar.hidden = false;
}

/** Take a screen in: what waits on this phone is put back into its questions. */
function adopt(number, column, title) {
  const cards = Array.from(column.querySelectorAll(".question"));
  screens.set(number, { column, title, cards });
  cards.forEach((card) => {
    know(card);
    const entry = queue.find(response, card.dataset.item);
    if (entry) restore(card, entry);
    else mark(card);
    readBack(card);
  });
  photos.showWaiting(cards);
}

function showScreen(number, isNew = true) {
  const { column, title } = screens.get(number);
  const before = screens.get(at).column;
  before.querySelectorAll(".message, .summary").forEach((message) => message.remove());
  before.replaceWith(column);
  at = number;
  document.title = title;
  if (isNew) history.pushState(null, "", urlOf(number));
  stuck("");
  count();
  window.scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
  fetchAhead();
}

class MovedError extends Error {}

const fetching = new Map();

/** Get a screen ready; MovedError where the server has something else to show. */
function fetchScreen(number) {
  if (!fetching.has(number)) {
    const found = fetchPage(number);
    fetching.set(number, found);
    found.catch(() => {}).then(() => fetching.delete(number));
  }
  return fetching.get(number);
}

async function fetchPage(number) {
  const answer = await fetch(urlOf(number), { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.getElementById("answers")) throw new MovedError();
  adopt(number, document.adoptNode(page.querySelector("main > .column")), page.title);
}

let ahead = null;

function fetchAhead() {
  clearTimeout(ahead);
  const order = doneOn.map((_, place) => 1 + ((at - 1 + place) % doneOn.length));
  const missing = order.find((number) => !screens.has(number));
  byId("all-here").hidden = Boolean(missing);
  if (!missing) return;
  ahead = setTimeout(() => {
    fetchScreen(missing).then(fetchAhead, (error) => {
      if (!(error instanceof MovedError)) ahead = setTimeout(fetchAhead, TRY_AGAIN);
    });
  }, missing === at + 1 ? 0 : BETWEEN_PAGES);
}

/* -- saving ------------------------------------------------------------------------------------------ */

/** What was last taken down of each question: leaving a field that was not changed saves nothing. */
const known = new Map();
const know = (card) => known.set(card, JSON.stringify(answerIn(card)));

function answerIn(card) {
  const { value, note, typed } = saidIn(card);
  return { value, note, typed };
}

function edit(card, delay) {
  const said = answerIn(card);
  if (known.get(card) === JSON.stringify(said)) {
    if (!delay) queue.now();
    return;
  }
  know(card);
  said.place = numberOf(card);
  queue.put(spoken.answers, response, card.dataset.item, said, Number(card.dataset.revision), delay);
  const entry = queue.find(response, card.dataset.item);
  if (entry && entry.state === "stale") beside(card, entry);
  showError(card, null);
  mark(card);
}

/** Show whether a question has an answer, and count. */
function mark(card) {
  const isDone = typedIn(card).length > 0;
  if (isDone) card.dataset.done = "";
  else delete card.dataset.done;
  const clears = card.querySelector(".pick-clear");
  if (clears) clears.hidden = !isDone;
  count();
}

function count() {
  const far = screens.has(at) && screens.get(at).column.querySelector(".how-far");
  if (!far) return;
  const done = doneOn.map((told, place) => (screens.has(place + 1) ? cardsOf(place + 1).filter((card) => "done" in card.dataset).length : told));
  const sum = done.reduce((one, other) => one + other, 0);
  const words = far.querySelector("[data-how-far]");
  words.textContent = words.dataset.howFar.replace("{done}", sum);
  far.querySelector("progress").value = sum;
  far.querySelector("progress").setAttribute("aria-label", words.textContent);
}

function standing(card, revision) {
  card.dataset.revision = revision;
  card.querySelector(`[name="${card.id}_base"]`).value = revision;
}

/** Show (or take away) what is wrong with an answer. */
function showError(card, told) {
  card.querySelectorAll(".error").forEach((place) => place.remove());
  card.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  });
  card.classList.toggle("question-open", Boolean(told));
  Object.keys(told || {}).forEach((part) => {
    const place = document.createElement("p");
    place.className = "error";
    place.id = `${card.id}-${part}-error`;
    place.setAttribute("role", "alert");
    place.textContent = told[part];
    const note = card.querySelector(`textarea[name="${card.id}_note"]`);
    const input = part === "note" ? note : box(card);
    if (part === "note") note.before(place);
    else card.querySelector(`[name="${card.id}_base"]`).before(place);
    if (!input) return;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-errormessage", place.id);
  });
}

/** Put what an earlier page could not send back into its question. */
function restore(card, entry) {
  show(card, entry.said);
  know(card);
  if (entry.said.note) card.querySelector(`textarea[name="${card.id}_note"]`).closest("details").open = true;
  if (entry.state === "refused") showError(card, entry.told);
  if (entry.state === "stale") beside(card, entry);
  mark(card);
}

/* -- two devices ---------------------------------------------------------------------------------------- */

function beside(card, entry) {
  showBoth(card, inWords(card, entry.said.typed, spoken), entry.told, (choice) => {
    takeBothAway(card);
    standing(card, entry.told.revision);
    if (choice === "theirs") {
      show(card, entry.told);
      know(card);
    }
    mark(card);
    queue.settle(response, card.dataset.item, choice);
    card.querySelector("input:not([type=hidden]), textarea").focus({ preventScroll: true });
  });
}

/** Go to what only a person can settle. */
async function goSettle() {
  const open = queue.entries().filter((each) => each.state === "stale" || each.state === "refused");
  const entry = open.find((each) => each.said.place === at) || open[0];
  if (!entry) return;
  if (!isAsking) {
    location.assign(`${spoken.home}/${entry.said.place}`);
    return;
  }
  if (!cardOf(entry.item)) {
    try {
      await fetchScreen(entry.said.place);
    } catch (error) {
      stuck(spoken.noPage);
      return;
    }
  }
  const card = cardOf(entry.item);
  if (!card) return;
  if (numberOf(card) !== at) showScreen(numberOf(card));
  card.scrollIntoView();
  const place = card.querySelector("[data-takes], [aria-invalid]") || card.querySelector("input:not([type=hidden])");
  if (place) place.focus({ preventScroll: true });
}

/* -- what the queue tells --------------------------------------------------------------------------------- */

let isLeftOver = false;   /* a page without questions found answers of an earlier one */
const waiters = [];

const hears = {
  changed() {
    const [state, waiting] = queue.state();
    showSaveState(byId("save-state"), state, waiting);
    byId("settle").hidden = state !== "conflict" && state !== "refused";
    waiters.splice(0).forEach((look) => look());
    if (isLeftOver && state === "saved" && spoken.state === "answering") location.reload();
  },
  saved(entry, answer) {
    const card = cardOf(entry.item);
    if (!card) return;
    takeBothAway(card);
    standing(card, answer.revision);
  },
  stale(entry) {
    const card = cardOf(entry.item);
    if (card) beside(card, entry);
  },
  refused(entry) {
    const { length } = queue.entries();
    if (entry.state === "gone") stuck(fill(spoken.gone, length));
    else if (entry.state === "closed") stuck(entry.told.error === "submitted" ? fill(spoken.left, length) : entry.told.message);
    else if (cardOf(entry.item)) showError(cardOf(entry.item), entry.told);
  },
  signedOut() { stuck(fill(spoken.gone, queue.entries().length)) },
  full() { stuck(spoken.full) },
};

const queue = new AnswerQueue(`zm-respond:${response}`, spoken.token, isSame, hears);
const photos = takePhotos(spoken, cardOf);

/** Try to send everything; true when it is on the server, else what stands in the way was said. */
async function allSaved() {
  queue.hurry();
  await new Promise((resolve) => { setTimeout(resolve, A_MOMENT) });
  const [state, waiting] = await new Promise((resolve) => {
    const look = () => {
      const found = queue.state();
      if (found[0] === "saving" || queue.isSending) waiters.push(look);
      else resolve(found);
    };
    look();
  });
  if (state === "offline") stuck(fill(spoken.unsaved, waiting));
  else if (state === "held" && byId("stuck").hidden) stuck(fill(spoken.heldBack, waiting));
  else if (state === "conflict" || state === "refused") {
    stuck(spoken.unsettled);
    await goSettle();
    stuck(spoken.unsettled);
  }
  return state === "saved";
}

async function allSent() {
  if (!(await allSaved())) return false;
  const waiting = await photos.send();
  if (waiting) stuck(fill(spoken.photosWait, waiting));
  return !waiting;
}

/** Nothing of this questionnaire stays on this phone. */
function forget() {
  queue.memory = null;
  try {
    localStorage.removeItem(queue.name);
  } catch (error) {
    /* Then nothing was stored either. */
  }
  return photos.forget();
}

/* -- going on, stopping -------------------------------------------------------------------------------------- */

let isGoing = false;

async function go(to) {
  if (isGoing) return;
  isGoing = true;
  stuck("");
  try {
    const target = at + ({ next: 1, back: -1 }[to] || 0);
    const isOpen = cardsOf(at).some((card) => card.classList.contains("question-open"));
    if (isOpen && to === "next") {
      await goSettle();
      stuck(spoken.unsettled);
    } else if (target !== at && target >= 1 && target <= doneOn.length) await turn(target);
    else if (await allSaved()) leaveFor(to);
  } finally {
    isGoing = false;
  }
}

async function turn(target) {
  queue.now();
  if (!screens.has(target)) {
    try {
      await fetchScreen(target);
    } catch (error) {
      if (error instanceof MovedError) location.assign(spoken.home);
      else stuck(spoken.noPage);
      return;
    }
  }
  showScreen(target);
}

/** Everything is on the server: the form, sent once more, changes nothing and leads where the button says. */
function leaveFor(to) {
  const form = byId("answers");
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "to", value: to });
  form.append(field);
  form.submit();
}

function isText(input) {
  return input.matches("textarea, input[type='text']");
}

function listen() {
  const main = document.querySelector("main");
  const told = (event, delay) => {
    const card = event.target.closest(".question");
    if (!card || event.target.type === "file") return;
    keepSense(card, event.target);
    readBack(card);
    edit(card, delay);
  };
  main.addEventListener("change", (event) => told(event, isText(event.target) ? 0 : PICKED));
  main.addEventListener("input", (event) => { if (isText(event.target)) told(event, TYPED) });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='to']");
    if (!button) return;
    event.preventDefault();
    go(button.value);
  });
  window.addEventListener("online", fetchAhead);
  window.addEventListener("popstate", () => {
    const number = Number(location.pathname.split("/").pop());
    if (!screens.has(number)) location.reload();
    else if (number !== at) showScreen(number, false);
  });
}

/** A form that ends something: it goes when everything is sent, or (`isForced`) when it is pressed again. */
function guard(form, words, isForced) {
  let isSure = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const goOn = async () => {
      if (isForced) await forget();
      form.submit();
    };
    if (isSure) {
      goOn();
      return;
    }
    allSent().then(async (isSent) => {
      if (isSent) {
        goOn();
        return;
      }
      if (!isForced) return;
      isSure = true;
      stuck(fill(words, queue.entries().length + (await photos.waiting())));
    });
  });
}

const leaving = byId("leave");
if (leaving) guard(leaving, spoken.leaving, true);
const sending = document.querySelector("main form[action$='/submit']");
if (sending) guard(sending, "", false);
const withdrawing = document.querySelector("main form[action$='/withdraw']");
if (withdrawing) withdrawing.addEventListener("submit", () => { forget() });

if (isAsking) {
  bar.hidden = false;
  adopt(at, document.querySelector("main > .column"), document.title);
  listen();
  fetchAhead();
} else if (queue.entries().length) {
  isLeftOver = true;
  bar.hidden = false;
}
byId("settle").addEventListener("click", goSettle);
queue.start();
photos.start();
hears.changed();
