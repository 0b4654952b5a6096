/* The list of interviews: answers that an earlier page could not send are sent from here too. */

import { isSame } from "./cards.js";
import { AnswerQueue } from "./queue.js";

const notice = document.getElementById("waiting");
const nobody = () => {};

function show() {
  const waiting = queue.entries().length;
  notice.hidden = !waiting;
  notice.querySelector("[data-words]").textContent = notice.dataset.waiting.replace("{n}", waiting);
}

const queue = new AnswerQueue(notice.dataset.name, notice.dataset.token, isSame, {
  changed: show, saved: nobody, stale: nobody, refused: nobody, signedOut: nobody, full: nobody,
});
queue.start();
