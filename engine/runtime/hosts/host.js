'use strict';
// A host for Node: runs the steps of one stage for the engine, task by task, over a socket. `node host.js FD PARENT`.
//
// The protocol is wire.py's. Everything runs in one thread; while user code waits for state, the socket is read on the spot.

const net = require('node:net');
const path = require('node:path');

const { batches, capture, Log } = require('./node/output');
const { Call, Surroundings } = require('./node/context');
const { Store } = require('./node/claims');
const { load } = require('./node/code');
const { Failure, describe } = require('./node/failure');
const { Guard } = require('./node/guard');
const { Intake, Pace } = require('./node/intake');
const { JoinStep } = require('./node/join');
const { SourceRun } = require('./node/source');
const { MAX_MESSAGES, Stage } = require('./node/stage');
const { State } = require('./node/state');
const { BatchStep, EachStep, resolver } = require('./node/step');
const { Channel, FrameReader } = require('./node/wire');

const EXIT_CRASH = 70;
const READ_BYTES = 1 << 18;
const TASK_MS = 500; // a task that has taken so long ends after its slice; the rest of its batches goes back to the queue

class Host {
  constructor(descriptor) {
    this.channel = new Channel(descriptor);
    this.states = [];
    this.stage = null;
    this._codes = [];
    this._surroundings = [];
    this._sources = new Map();
    this._inbox = [];
    this._answers = new Map();
    this._requests = 0;
    this._task = 0;
    this._isFetching = false;
    this._isPumping = false;
    this._isWoken = false;
    this._pace = new Pace();
    this._log = new Log(this.channel, () => this.stage?.current ?? 0);
    this._reader = new FrameReader((head, body) => this._arrived(head, body));
    const onread = { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: (size, data) => this._read(data.subarray(0, size)) };
    const socket = new net.Socket({ fd: descriptor, onread });
    socket.on('end', () => process.reallyExit(0)); // the engine is gone, and with it everybody who could use a result
    socket.on('error', () => process.reallyExit(0));
    socket.resume();
  }

  _read(piece) {
    this._reader.feed(piece);
    this.pump();
    return true;
  }

  _arrived(head, body) {
    if (head.k === 'state') this._answers.set(head.request, [head.rows, head.complete ?? false]);
    else if (head.k !== 'done') this._inbox.push([head, body]);
  }

  // Look for work when the code that runs now, and what hangs on it, is through.
  wake() {
    if (this._isWoken) return;
    this._isWoken = true;
    setImmediate(() => {
      this._isWoken = false;
      this.pump();
    });
  }

  // Do what there is to do: frames first, then batches of sources.
  async pump() {
    if (this._isPumping) return;
    this._isPumping = true;
    try {
      while (await this._turn());
    } finally {
      this._isPumping = false;
    }
  }

  async _turn() {
    const frame = this._inbox.shift();
    if (frame) {
      await this._handle(...frame);
      return true;
    }
    const source = [...this._sources.values()].find((candidate) => candidate.isReady);
    if (source) await source.advance();
    return source !== undefined;
  }

  async _handle(head, body) {
    switch (head.k) {
      case 'init': return this._start(head);
      case 'task': return this._runTask(head, body);
      case 'source':
        this._sources.set(head.step, new SourceRun(this, head, this._codes[head.step], this._surroundings[head.step]));
        return undefined;
      case 'credit':
        for (const source of this._sources.values()) source.credit += head.n;
        return undefined;
      case 'forget': return this.states[head.step].forget();
      case 'stop': return process.reallyExit(0);
      default: throw new Error(`unknown frame '${head.k}'`);
    }
  }

  async _start(spec) {
    this._finishLines = capture(this._log);
    try {
      await this._setUp(spec);
    } catch (error) {
      const { type, message, traceback } = describe(error);
      this.channel.send({ k: 'broken', step: spec.steps[this.stage.steps.length].id, type, message, traceback });
      process.reallyExit(0);
    }
    this.channel.send({ k: 'ready', pid: process.pid });
  }

  async _setUp(spec) {
    this._store = new Store(spec.claims);
    const report = (place, error) => this._log.write('warning', `${error.type}: ${error.message}`, place.index);
    this.stage = new Stage(spec, report, this._store);
    for (const [index, step] of spec.steps.entries()) {
      this.states.push(new State((keys, most) => this.fetch(index, keys, most)));
      this.stage.current = index;
      this.stage.steps.push(await this._step(index, step, spec));
    }
  }

  async _step(index, step, spec) {
    const code = (this._codes[index] = await load(step, spec.folder));
    const surroundings = new Surroundings(step, this.states[index], (level, text) => this._log.write(level, text, index));
    this._surroundings[index] = surroundings;
    const guard = new Guard(step.timeout, () => this._isFetching);
    const made = { surroundings, call: new Call(), guard, memory: spec.memory };
    const alive = (calls) => this.channel.send({ k: 'alive', id: this._task, calls });
    const options = { code, resolve: resolver(this._store), store: this._store, alive, ports: step.inputs };
    if (step.batch) return new BatchStep(made, options);
    return JoinStep.fits(code, step.inputs) ? new JoinStep(made, options) : new EachStep(made, options);
  }

  // A task begins.
  begin(task) {
    this._task = task;
    this.stage.begin();
    for (const state of this.states) state.begin();
  }

  async _runTask(head, body) {
    this.begin(head.id);
    this.stage.isCareful = head.careful ?? false;
    const extra = {};
    if (head.mode === 'batch') {
      extra.rows = await this._runBatches(head, new Intake(head.segments, body));
    } else {
      await this.stage.wake(head.step, (step, out) => step[head.mode]?.(out));
      if (head.mode === 'flush') extra.unpaired = this.stage.steps[head.step].unpaired?.() ?? {};
    }
    this.sendResult(head.id, extra, []);
  }

  // Run a task's rows, a slice at a time, until all are done or the task has had its time; how many are done.
  async _runBatches(head, intake) {
    const { length } = intake;
    this.stage.origins.begin(intake.given);
    if (head.condemned) {
      this.stage.condemn(head.link, intake.rows, new Failure(...head.condemned));
      await this.stage.run();
      return length;
    }
    const deadline = performance.now() + TASK_MS;
    let done = 0;
    while (done < length && (done === 0 || performance.now() < deadline)) {
      const to = Math.min(length, done + this._pace.size);
      const started = performance.now();
      this.stage.enter(head.link, intake.part(done, to), intake.attempts(done, to));
      await this.stage.run();
      this._pace.learn(to - done, performance.now() - started);
      done = to;
    }
    return done;
  }

  // Send what a task made.
  sendResult(id, extra, sourceState) {
    this._finishLines();
    this._log.end();
    const outputs = [];
    const bodies = [];
    for (const outgoing of this.stage.outgoing) {
      const most = this.stage.links[outgoing.link]?.most ?? MAX_MESSAGES;
      for (const [data, n, origins, named] of batches(outgoing, this._store, most)) {
        const { link, step, due, rank, attempt, kind, rows } = outgoing;
        outputs.push([link, step, n, data.length, due, rank, attempt, rows.kind || kind, origins, named]);
        bodies.push(data);
      }
    }
    const { places, links } = this.stage;
    const head = {
      k: 'result',
      id,
      outputs,
      state: [...this.states.flatMap((state, index) => state.writes().map((write) => [index, ...write])), ...sourceState],
      timers: [],
      steps: places
        .filter((place) => place.received || place.nanoseconds || Object.keys(place.out).length)
        .map((place) => [place.index, place.received, place.failed, place.nanoseconds, place.out]),
      links: links.filter((link) => link.crossed).map((link) => [link.index, link.crossed, link.size]),
      signals: [],
      ...extra,
    };
    if (this.stage.origins.sets.length) head.sets = this.stage.origins.sets;
    this.channel.send(head, ...bodies);
  }

  // Ask the engine for state rows: those of the keys, or all if there are no more than `most`; and whether it was all.
  fetch(step, keys, most = 0) {
    const request = ++this._requests;
    this._isFetching = true;
    this.channel.send({ k: 'get', request, step, keys, most });
    while (!this._answers.has(request)) this.channel.receive(this._reader);
    const answer = this._answers.get(request);
    this._answers.delete(request);
    this._isFetching = false;
    return answer;
  }

  // User code threw where nobody could catch it: the engine finds out which message it was.
  crash(error) {
    const { type, message, traceback } = describe(error);
    this._log.write('error', `the process ends, because of an error outside any call: ${traceback || `${type}: ${message}`}`);
    process.reallyExit(EXIT_CRASH);
  }
}

function main() {
  const [descriptor, parent] = process.argv.slice(2).map(Number);
  if (process.ppid !== parent) process.reallyExit(0);
  process.argv = [process.argv[0], path.join(__dirname, 'host.js')];
  process.on('SIGINT', () => {});
  const host = new Host(descriptor);
  process.on('uncaughtException', (error) => host.crash(error));
}

main();
