/* The desk of a plan: a slider and its box, back to the default, finding a control, and where a
   refusal is told. Talking to the server is htmx's business. Written for ES2017. */

const desk = document.getElementById("desk");
const byId = (id) => document.getElementById(id);

/* -- what only makes sense with, or without, scripts -------------------------------------------- */

desk.querySelectorAll("[data-with-scripts]").forEach((part) => { part.hidden = false });
desk.querySelectorAll("[data-without-scripts]").forEach((part) => { part.hidden = true });

/* -- a slider and its box ------------------------------------------------------------------------ */

/** The number a text means, as far as a slider needs to know; the server reads it exactly. */
function plain(text) {
  const found = /^([\d.]+)(万|亿)?/.exec(text.normalize("NFKC").replace(/[,\s]/g, ""));
  return found ? Number(found[1]) * ({ 万: 1e4, 亿: 1e8 }[found[2]] || 1) : NaN;
}

/** Show whether a control is decided: an empty box leaves the default. */
function mark(box) {
  const control = box.closest("[data-control]");
  if (control) control.classList.toggle("control-changed", box.value.trim() !== "");
}

/* Before htmx reads the form: a slider has no name, its box is what is sent. */
desk.addEventListener("input", (event) => {
  const from = event.target;
  if ("box" in from.dataset) {
    const box = byId(from.dataset.box);
    box.value = from.value;
    mark(box);
  } else if (from.name) {
    const slider = from.dataset.slider && byId(from.dataset.slider);
    if (slider && from.value.trim() !== "" && Number.isFinite(plain(from.value))) slider.value = plain(from.value);
    mark(from);
  }
}, true);

/* -- buttons that set one control ------------------------------------------------------------------ */

desk.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sets]");
  if (!button) return;
  event.preventDefault();
  const box = byId(button.dataset.for);
  box.value = button.dataset.sets;
  const slider = box.dataset.slider && byId(box.dataset.slider);
  if (slider && box.value === "") slider.value = slider.dataset.default;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});

/* -- finding ------------------------------------------------------------------------------------------ */

desk.querySelectorAll("[data-finder]").forEach((finder) => {
  finder.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = finder.value.trim().toLowerCase();
    const group = byId(finder.dataset.finder);
    let heading = null;
    let found = 0;
    group.querySelectorAll("[data-begins], [data-control]").forEach((part) => {
      if ("begins" in part.dataset) {
        heading = part;
        heading.hidden = wanted !== "";
        return;
      }
      const text = `${part.dataset.finds} ${heading ? heading.textContent : ""}`.toLowerCase();
      part.hidden = !text.includes(wanted);
      found += part.hidden ? 0 : 1;
    });
    const told = group.querySelector("[data-found]");
    told.textContent = found ? "" : told.dataset.none;
  });
});

/* -- refusals ------------------------------------------------------------------------------------------- */

const isOurs = (event) => event.detail.requestConfig && event.detail.requestConfig.elt === desk;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isOurs(event)) return;
  desk.querySelectorAll("[data-error]").forEach((place) => { place.textContent = "" });
  desk.querySelectorAll("[aria-invalid]").forEach((box) => box.removeAttribute("aria-invalid"));
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!isOurs(event)) return;
  desk.querySelectorAll("[data-error]").forEach((place) => {
    if (place.textContent.trim() === "") return;
    const box = byId(place.id.replace(/-error$/, ""));
    if (box) box.setAttribute("aria-invalid", "true");
  });
  countChanges();
  /* Switching the language comes back to what is on the desk now. */
  document.querySelectorAll("input[name='here']").forEach((field) => {
    field.value = window.location.pathname + window.location.search;
  });
});

/** Say beside each group how many of its controls are decided. */
function countChanges() {
  desk.querySelectorAll("[data-changed]").forEach((place) => {
    const group = place.closest("details");
    const wrong = group.querySelectorAll("[aria-invalid='true']").length;
    const changed = group.querySelectorAll(".control-changed").length;
    place.classList.toggle("act", wrong > 0);
    if (wrong) place.textContent = place.dataset.wrong.replace("{n}", wrong);
    else place.textContent = changed ? place.dataset.changed.replace("{n}", changed) : "";
  });
}
