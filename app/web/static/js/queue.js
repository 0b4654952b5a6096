/* Answers on their way to the server. They lie in this browser's storage from the first keystroke until
   the server has acknowledged them: a reload, a closed tab, a sleeping laptop or a dead network lose none.
   Every answer carries the revision it goes on top of and a key of its own, so that sending it twice saves
   it once and nothing is overwritten that its sender had not seen. Written for ES2017. */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const PATIENCE = 15000;
/* The server takes ten saves a second from one device: not seven by pace, and three at once where the page is left. */
const PACE = 150;
const AT_ONCE = 3;
const LONGEST_HOLD = 60000;

/** A key nobody else makes: 128 random bits. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One queue per person and engagement, shared by all their tabs.
 *
 * An entry: {key, url, response, item, said, base, tried, state, told}. `said` is what goes to the server
 * beside item, base and key, without `typed` and `place`, which are the page's own; `base` is null where it goes
 * on top of the entry before it. `state` is empty while it waits, else "stale" (somebody else was faster; `told` is
 * what stands), "refused" (`told`: what is wrong, by field), "closed" or "gone" (the server takes no answers there
 * now).
 *
 * `hears` gets: changed(), saved(entry, answer), stale(entry), refused(entry), signedOut(), full().
 */
export class AnswerQueue {
  constructor(name, tokenUrl, isSame, hears) {
    this.name = name;
    this.tokenUrl = tokenUrl;
    this.isSame = isSame;
    this.hears = hears;
    this.memory = null;
    this.isSending = false;
    this.isOffline = false;
    this.isHeld = false;
    this.isSignedOut = false;
    this.wait = FIRST_WAIT;
    this.notBefore = 0;
    this.nextAt = 0;
    this.timer = null;
    this.renewed = "";
  }

  /** Begin: try again what an earlier page left behind, and listen to the browser. */
  start() {
    this._change((entries) => {
      entries.forEach((entry) => {
        if (entry.state === "closed" || entry.state === "gone") entry.state = "";
      });
    });
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("focus", () => this.hurry());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("storage", (event) => {
      if (event.key === this.name) this.hears.changed();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else this.hurry();
    });
    this.hurry();
  }

  /* -- what waits ------------------------------------------------------------------------------ */

  entries() {
    if (this.memory) return this.memory;
    try {
      return JSON.parse(localStorage.getItem(this.name)) || [];
    } catch (error) {
      return [];
    }
  }

  /** The newest entry of an answer, or undefined. */
  find(response, item) {
    return this.entries().filter((entry) => entry.response === response && entry.item === item).pop();
  }

  /** "saved", "saving", "held" (the server takes none just now), "offline", "refused" or "conflict", and how many wait. */
  state() {
    const entries = this.entries();
    const has = (state) => entries.some((entry) => entry.state === state);
    if (has("stale")) return ["conflict", entries.length];
    if (has("refused")) return ["refused", entries.filter((entry) => entry.state === "refused").length];
    if (!entries.length) return ["saved", 0];
    if (this.isOffline) return ["offline", entries.length];
    const isHeld = this.isHeld || this.isSignedOut || has("closed") || has("gone");
    return [isHeld ? "held" : "saving", entries.length];
  }

  _change(act) {
    const entries = this.entries();
    const kept = act(entries) || entries;
    try {
      if (kept.length) localStorage.setItem(this.name, JSON.stringify(kept));
      else localStorage.removeItem(this.name);
      this.memory = null;
    } catch (error) {
      /* No room or no right to store: hold them in memory and say so. */
      this.memory = kept;
      this.hears.full();
    }
    this.hears.changed();
  }

  /** Take down an answer on top of revision `base`; it is sent after `delay` without a newer one. */
  put(url, response, item, said, base, delay) {
    this._change((entries) => {
      const last = entries.filter((entry) => entry.response === response && entry.item === item).pop();
      if (last && (last.state === "stale" || last.state === "closed" || last.state === "gone")) {
        last.said = said;
        last.key = newKey();
        return;
      }
      if (last && (!last.tried || last.state === "refused")) {
        Object.assign(last, { said, key: newKey(), tried: false, state: "", told: null });
        return;
      }
      entries.push({ key: newKey(), url, response, item, said, base: last ? null : base, tried: false, state: "", told: null });
    });
    this._later(delay);
  }

  /** Settle a conflict: "mine" goes on top of what stands, "theirs" drops mine. */
  settle(response, item, choice) {
    this._change((entries) => {
      const found = entries.filter((entry) => entry.response === response && entry.item === item && entry.state === "stale").pop();
      if (!found) return entries;
      if (choice === "theirs") return entries.filter((entry) => entry !== found);
      Object.assign(found, { base: found.told.revision, key: newKey(), tried: false, state: "", told: null });
      return entries;
    });
    this._later(0);
  }

  /* -- sending ----------------------------------------------------------------------------------- */

  /** Send what waits without waiting for more to be typed. */
  now() { this._later(0) }

  /** The network or the person is back: send now. */
  hurry() {
    if (this.isOffline) this.notBefore = 0;
    this.isSignedOut = false;
    this._later(0);
  }

  _later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this._flush(), Math.max(delay, this.notBefore - Date.now(), 0));
  }

  async _flush() {
    if (this.isSending || this.isSignedOut) return;
    this.isSending = true;
    try {
      /* One tab sends at a time; where the browser cannot tell, keys make a double harmless. */
      if (navigator.locks) {
        await navigator.locks.request(this.name, { ifAvailable: true }, (lock) => (lock ? this._sendAll() : this._later(FIRST_WAIT)));
      } else {
        await this._sendAll();
      }
    } finally {
      this.isSending = false;
      this.hears.changed();
    }
  }

  _next() {
    return this.entries().find((entry) => !entry.state && entry.base !== null);
  }

  async _sendAll() {
    while (this._next()) {
      await this._pace();
      /* Chosen only now: what was waiting may have been typed over, or settled, meanwhile. */
      const entry = this._next();
      if (!entry) break;
      this.nextAt = Date.now() + PACE;
      const { key } = entry;
      this._change((entries) => {
        entries.forEach((each) => { if (each.key === key) each.tried = true });
      });
      let answer;
      try {
        answer = await this._post(entry);
      } catch (error) {
        this.isOffline = true;
        this._again(0);
        this.hears.changed();
        return;
      }
      this.isOffline = false;
      this.isHeld = answer.status === 429 || answer.status >= 500;
      if (!(await this._heard(entry, answer))) return;
    }
    this.wait = FIRST_WAIT;
    this.hears.changed();
  }

  /** Wait until the next answer may go: at once after a pause, else so that a long queue is never too fast. */
  async _pace() {
    const early = this.nextAt - Date.now();
    if (early > 0) await new Promise((resolve) => { setTimeout(resolve, Math.min(early, AT_ONCE * PACE)) });
  }

  async _post(entry) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      const response = await fetch(entry.url, this._request(entry, { signal: giveUp.signal }));
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      return { status: response.status, after: response.headers.get("Retry-After"), body: isJson ? await response.json() : {} };
    } finally {
      clearTimeout(timer);
    }
  }

  _request(entry, more) {
    const body = Object.assign({ item: entry.item, base: entry.base, key: entry.key }, entry.said);
    delete body.typed;
    delete body.place;
    return Object.assign({
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": formToken() },
      body: JSON.stringify(body),
    }, more);
  }

  /** Take the server's word on an entry; false where sending must pause. */
  async _heard(entry, answer) {
    const { status, body } = answer;
    if (status === 200) {
      this._acknowledge(entry, body.revision);
      this.hears.saved(entry, body);
      return true;
    }
    if (status === 409 && body.error === "stale") {
      this._overtaken(entry, body.standing);
      return true;
    }
    if (status === 401) {
      this.isSignedOut = true;
      this.hears.changed();
      this.hears.signedOut();
      return false;
    }
    if (status === 403 && body.error === "csrf") {
      if (this.renewed === entry.key) {
        /* A fresh token was refused too. Not at once again: but later, and with another, for one may have signed in anew. */
        this.renewed = "";
        this._again(0);
        return false;
      }
      this.renewed = entry.key;
      await this._renewToken();
      return !this.isOffline;
    }
    if (this.isHeld) {
      this._again(Math.min(Number(answer.after) * 1000 || 0, LONGEST_HOLD));
      this.hears.changed();
      return false;
    }
    if (status === 422 && body.fields && body.fields.key) {
      /* The key was used for something else: this is another answer, so it gets another key. */
      this._mark(entry, { key: newKey(), tried: false });
      return true;
    }
    if (status === 403 || status === 404 || status === 409) {
      this._mark(entry, { state: status === 409 ? "closed" : "gone", told: body });
      this.hears.refused(Object.assign({}, entry, { state: status === 409 ? "closed" : "gone", told: body }));
      return true;
    }
    const told = body.fields || { value: body.message || String(status) };
    this._mark(entry, { state: "refused", told });
    this.hears.refused(Object.assign({}, entry, { state: "refused", told }));
    return true;
  }

  _again(after) {
    const wait = after || this.wait * (0.75 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.notBefore = Date.now() + wait;
    this._later(wait);
  }

  _mark(entry, changes) {
    this._change((entries) => {
      entries.forEach((each) => { if (each.key === entry.key) Object.assign(each, changes) });
    });
  }

  _acknowledge(entry, revision) {
    this._change((entries) => {
      const left = entries.filter((each) => each.key !== entry.key);
      const next = left.find((each) => each.response === entry.response && each.item === entry.item && each.base === null);
      if (next) next.base = revision;
      return left;
    });
  }

  /** Somebody else was faster. Saying the same is no conflict; else the newest of ours waits for a choice. */
  _overtaken(entry, standing) {
    const newest = this.find(entry.response, entry.item) || entry;
    if (this.isSame(newest.said, standing)) {
      this._change((entries) => entries.filter((each) => each.response !== entry.response || each.item !== entry.item));
      this.hears.saved(newest, { revision: standing.revision, at_words: standing.at_words, who: standing.who });
      return;
    }
    const waiting = Object.assign({}, newest, { state: "stale", told: standing, base: standing.revision });
    this._change((entries) => {
      const others = entries.filter((each) => each.response !== entry.response || each.item !== entry.item);
      others.push(waiting);
      return others;
    });
    this.hears.stale(waiting);
  }

  async _renewToken() {
    try {
      await renewToken(this.tokenUrl);
    } catch (error) {
      this.isOffline = true;
      this._again(0);
    }
  }

  /** The page may be going: send the first that wait without waiting for the answer. They stay until acknowledged. */
  leave() {
    const now = Date.now();
    const begun = Math.max(this.nextAt, now);
    const room = Math.max(0, Math.floor(AT_ONCE - (begun - now) / PACE));
    const waiting = this.entries().filter((entry) => !entry.state && entry.base !== null).slice(0, room);
    if (!waiting.length || this.isSignedOut) return;
    this.nextAt = begun + waiting.length * PACE;
    const keys = new Set(waiting.map((entry) => entry.key));
    this._change((entries) => {
      entries.forEach((entry) => { if (keys.has(entry.key)) entry.tried = true });
    });
    waiting.forEach((entry) => {
      fetch(entry.url, this._request(entry, { keepalive: true })).catch(() => {});
    });
  }
}

/** Get a fresh form token for a page that lay open too long. */
export async function renewToken(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  const { token } = await response.json();
  document.querySelector('meta[name="csrf-token"]').content = token;
}

/** The token that shows a request is ours. */
export function formToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}
