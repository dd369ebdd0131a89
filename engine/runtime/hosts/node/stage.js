'use strict';
// A stage at work, as stage.py: one task's messages through its steps, with no queue between them.

const { LOST } = require('./claims');
const { claimsRead } = require('./decode');
const { Failure } = require('./failure');
const { Origins } = require('./origins');
const { Rows, rowsOf } = require('./rows');

const DEAD = -2;
const MAX_MESSAGES = 4096;

// A step's place in the stage: where its outputs lead, how its failures are treated, what it has counted in this task.
class Place {
  constructor(index, spec) {
    this.index = index;
    this.id = spec.id;
    this.routes = new Map(Object.entries(spec.routes));
    this.dead = new Set(spec.dead);
    this.hasSeveralInputs = spec.inputs.length > 1;
    [this.attempts, this.penalty] = spec.retry;
    this.reset();
  }

  reset() {
    this.received = 0;
    this.failed = 0;
    this.nanoseconds = 0;
    this.out = {};
  }
}

// What a step does with its rows: send, fail, wait. One for every time a step processes rows.
class Delivery {
  constructor(stage, place, rows, link, attempts) {
    this._stage = stage;
    this.place = place;
    this.rows = rows;
    this.link = link;
    this.attempts = attempts;
    this._waiting = new Map();
    this._failed = { packed: [], origins: [], attributes: [] };
  }

  // Send packed messages to an output; message i was made of row `index[i]` (null: of row i) and has its attributes, or the given.
  // `made`, if given, says of each what it was made of besides its row (see `together`).
  send(port, packed, n, index = null, attributes = null, made = null) {
    if (n === 0) return;
    const { rows } = this;
    const origins = made ?? (index === null ? rows.origins : index.map((row) => rows.originOf(row)));
    const carried = attributes ?? (index === null ? rows.attributes : rows.attributes && index.map((row) => rows.attributes[row]));
    this._stage.deliver(this.place, port, new Rows(packed, n, origins, carried));
  }

  // A row failed: it waits for another try, or goes to `failure` as it arrived, or to the dead letters.
  fail(row, error) {
    if (!this.retry(row, error)) this.giveUp(row, error, this.rows.original(row), this.rows.attributesOf(row));
  }

  // Whether a row has another try left.
  mayRetry(row, error) {
    return error.retry && (this.attempts?.[row] ?? 0) < this.place.attempts;
  }

  // Put a row back for another try, if it has one left. `packed` and `origin` replace its own when `kind` is not 0.
  retry(row, error, packed = null, kind = 0, origin = null) {
    if (!this.mayRetry(row, error)) return false;
    const attempt = this.attempts?.[row] ?? 0;
    const due = Math.trunc(Date.now() + this.place.penalty * 1000);
    const key = `${due} ${attempt + 1} ${kind}`;
    if (!this._waiting.has(key)) this._waiting.set(key, { due, attempt: attempt + 1, kind, rows: [], packed: [], origins: [] });
    const group = this._waiting.get(key);
    group.rows.push(row);
    group.packed.push(packed ?? this.rows.original(row));
    group.origins.push(origin ?? this.rows.originOf(row));
    return true;
  }

  // A message failed for good; its content is given packed, and its origin, if that is not the row itself.
  giveUp(row, error, packed, attributes, origin = null) {
    this.place.failed++;
    this._failed.packed.push(packed);
    this._failed.origins.push(origin ?? this.rows.originOf(row));
    const port = this.place.hasSeveralInputs && this.link >= 0 ? { 'error.port': this._stage.links[this.link].port } : {};
    this._failed.attributes.push({ ...attributes, ...error.attributes(this.place.id), ...port });
    this._stage.report(this.place, error);
  }

  // Where a row came from, to be kept with it while it waits.
  spans(row) {
    return this._stage.origins.spans(this.rows.originOf(row));
  }

  // The origin of a message that is made of several.
  together(spans) {
    return this._stage.origins.together(spans);
  }

  // The step is through with its rows.
  close() {
    const { packed: failed, origins, attributes } = this._failed;
    if (failed.length) this._stage.deliver(this.place, 'failure', rowsOf(failed, origins, attributes));
    for (const { due, attempt, kind, rows, packed, origins: own } of this._waiting.values()) {
      this.place.received -= rows.length;
      this._stage.leave(this.link, this.place, this.rows.take(rows, packed, own), { attempt, due, kind });
    }
  }
}

class Stage {
  constructor(spec, report, store) {
    this._store = store;
    this.places = spec.steps.map((step, index) => new Place(index, step));
    this.links = spec.links.map((link, index) => ({
      index,
      target: link.to,
      port: link.port,
      rank: link.rank ?? null,
      most: link.most ?? MAX_MESSAGES,
      crossed: 0,
      size: 0,
    }));
    this.order = spec.order;
    this.steps = [];
    this.report = report;
    this.outgoing = [];
    this.origins = new Origins();
    this.isCareful = false; // let messages wait behind every step: a host died, and the step to blame is looked for
    this.current = 0;
    this._agenda = this.places.map(() => []);
  }

  // A task begins.
  begin() {
    this.outgoing = [];
    for (const place of this.places) place.reset();
    for (const link of this.links) link.crossed = link.size = 0;
    for (const agenda of this._agenda) agenda.length = 0;
  }

  // Rows come in over a link that leads to one of the steps.
  enter(link, rows, attempts) {
    this._agenda[this.links[link].target].push([link, rows, attempts]);
  }

  // Rows that are to fail without being run: hosts died over them.
  condemn(link, rows, failure) {
    const place = this.places[this.links[link].target];
    place.received += rows.length;
    const out = new Delivery(this, place, rows, link, null);
    for (let row = 0; row < rows.length; row++) out.giveUp(row, failure, rows.original(row), rows.attributesOf(row));
    out.close();
  }

  // Every step does what it has to.
  async run() {
    for (const index of this.order) {
      for (const [link, rows, attempts] of this._agenda[index].splice(0)) {
        const place = this.places[index];
        place.received += rows.length;
        const out = this._withoutLost(new Delivery(this, place, rows, link, attempts));
        if (out.rows.length === 0) continue;
        await this._timed(place, () => this.steps[index].process(this.links[link].port, out.rows, out));
        out.close();
      }
    }
  }

  // Fail the rows whose content is gone; the others, still to be processed.
  _withoutLost(out) {
    const { contents } = out.rows; // unpacked, so that it is known whether there are claims
    const lost = claimsRead() ? this._store.lost(contents) : [];
    if (lost.length === 0) return out;
    for (const row of lost) out.fail(row, new Failure('ContentLost', LOST, '', false));
    out.close();
    const left = Array.from(contents.keys()).filter((row) => !lost.includes(row));
    return new Delivery(this, out.place, out.rows.take(left), out.link, out.attempts && left.map((row) => out.attempts[row]));
  }

  async _timed(place, act) {
    this.current = place.index;
    const started = process.hrtime.bigint();
    await act();
    place.nanoseconds += Number(process.hrtime.bigint() - started);
  }

  // A step acts without messages: a flush.
  async wake(index, act) {
    const place = this.places[index];
    this.origins.begin([[0, place.id, 0]]);
    const out = new Delivery(this, place, new Rows(Buffer.of(0x90), 0), -1, null);
    await this._timed(place, () => act(this.steps[index], out));
    out.close();
    await this.run();
  }

  // A source's messages leave it, its batch's from the `first` on; `run` then takes them as far as they can go.
  source(index, port, packed, n, first, attributes) {
    this.deliver(this.places[index], port, new Rows(packed, n, Array.from({ length: n }, (_, row) => first + row), attributes));
  }

  // Rows leave a step: to the steps behind it, out of the stage, to the dead letters, or nowhere on purpose.
  deliver(place, port, rows) {
    const n = rows.length;
    place.out[port] = (place.out[port] ?? 0) + n;
    if (place.dead.has(port)) {
      this.leave(DEAD, place, rows);
      return;
    }
    for (const number of place.routes.get(port) ?? []) {
      const link = this.links[number];
      link.crossed += n;
      link.size += rows.packed.length;
      if (link.target >= 0 && !this.isCareful) this._agenda[link.target].push([number, rows.copy(), null]);
      else if (link.rank === null) this.leave(number, place, rows);
      else this._leaveByRank(link, place, rows);
    }
  }

  // Rows leave the stage over a link, or to the dead letters.
  leave(link, place, rows, { attempt = 0, due = 0, kind = 0, rank = 0 } = {}) {
    this.outgoing.push({ link, step: place.index, rows, attempt, due, kind, rank });
  }

  _leaveByRank(link, place, rows) {
    const byRank = new Map();
    for (let row = 0; row < rows.length; row++) {
      const rank = rankOf(rows.attributesOf(row)[link.rank]);
      if (!byRank.has(rank)) byRank.set(rank, []);
      byRank.get(rank).push(row);
    }
    for (const [rank, members] of byRank) this.leave(link.index, place, rows.copy().take(members), { rank });
  }
}

// A priority attribute as a number, lowest first; what is no number comes last.
function rankOf(text) {
  const number = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isNaN(number) ? 1e300 : number;
}

module.exports = { Stage, MAX_MESSAGES };
