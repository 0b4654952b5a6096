/* What every page does beyond plain HTML: form token and error answers of htmx, where the focus goes
   after a part of the page was exchanged, dialogs, menus, copying. Written for ES2017. */

const byId = (id) => document.getElementById(id);

/* -- talking to the server ----------------------------------------------------------------- */

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") {
    event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  }
});

/* Refused input (422) and a conflict (409) come with the part of the page that says so: it is shown.
   A whole page (an error page) never goes into a part of another. */
const isPage = (text) => /^\s*<!doctype/i.test(text);

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400) {
    const shown = (xhr.status === 409 || xhr.status === 422) && !isPage(xhr.responseText);
    event.detail.shouldSwap = shown;
    event.detail.isError = !shown;
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const page = new DOMParser().parseFromString(xhr.responseText || "", "text/html");
  const told = page.querySelector("[data-problem]");
  const parts = told ? [...told.querySelectorAll("[data-said], [data-todo]")] : [];
  tell(...(parts.length ? parts.map((part) => part.textContent.trim()) : [byId("toasts").dataset.failed]));
});
document.addEventListener("htmx:sendError", () => tell(byId("toasts").dataset.unreachable));
document.addEventListener("htmx:timeout", () => tell(byId("toasts").dataset.unreachable));

/** Show a message, sentence by sentence, until it is closed or another takes its place. */
function tell(...sentences) {
  const note = document.createElement("div");
  note.className = "notice";
  const text = document.createElement("div");
  text.className = "notice-body";
  sentences.forEach((sentence) => {
    text.append(document.createElement("p"));
    text.lastChild.textContent = sentence;
  });
  const close = document.createElement("button");
  close.type = "button";
  close.className = "notice-close";
  close.dataset.dismisses = "";
  close.setAttribute("aria-label", byId("toasts").dataset.close);
  close.textContent = "×";
  note.append(text, close);
  byId("toasts").textContent = "";
  byId("toasts").append(note);
}

/* -- focus ----------------------------------------------------------------------------------- */

let leftAt = "";

document.addEventListener("htmx:beforeSwap", () => {
  leftAt = document.activeElement ? document.activeElement.id : "";
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.target;
  const within = (selector) => (part.matches(selector) ? part : part.querySelector(selector));
  const dialog = within("dialog[data-open]");
  if (dialog && !dialog.open) {
    dialog.showModal();
    return;
  }
  /* What was refused is gone to when a form was sent, not while somebody types or moves a slider. */
  const { triggeringEvent } = event.detail.requestConfig || {};
  const isSent = Boolean(triggeringEvent) && triggeringEvent.type === "submit";
  const place = within("[data-focus]") || (isSent && (within(".error-summary") || within("[aria-invalid='true']")));
  if (place) {
    place.focus();
  } else if (document.activeElement === document.body && leftAt && byId(leftAt)) {
    byId(leftAt).focus();
  }
});

document.querySelectorAll(".error-summary").forEach((summary) => summary.focus());

/* A row of tabs that does not fit begins at the one that is open: also where CSS alone cannot say so. */
document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
  const row = tab.closest(".tabs");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
});

/* -- clicks ----------------------------------------------------------------------------------- */

document.addEventListener("click", (event) => {
  const near = (selector) => event.target.closest(selector);
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });

  const opener = near("[data-opens]");
  const dialog = opener && byId(opener.dataset.opens);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  if (near("[data-closes]")) near("dialog").close();
  if (near("[data-dismisses]")) near(".notice").remove();
  if (near("[data-prints]")) window.print();

  const copier = near("[data-copies]");
  if (copier) {
    copy(copier.dataset.copies).then(() => {
      copier.querySelector("[data-words]").textContent = copier.dataset.copied;
    });
  }
});

/** Copy a text, also where the browser keeps the clipboard for https alone. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (!done) throw new Error("not copied");
}

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* -- forms -------------------------------------------------------------------------------------- */

/* A slider and the number beside it say the same. */
document.addEventListener("input", (event) => {
  const pair = event.target.dataset.pair && byId(event.target.dataset.pair);
  if (pair) pair.value = event.target.value;
});

/* A form marked so is sent once; a page that comes back from the history may be sent again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("once" in form.dataset)) return;
  if (form.dataset.once === "sent") event.preventDefault();
  form.dataset.once = "sent";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once='sent']").forEach((form) => { form.dataset.once = "" });
});
