'use strict';
// Batches and frames, as wire.py describes them.

const fs = require('node:fs');

const { unpack } = require('./decode');
const { pack } = require('./encode');

const BATCH_HEAD = 12;
const FRAME_HEAD = 8;
const NO_ATTRIBUTES = pack(null);

// A batch of `n` messages whose contents are packed already.
function batch(contents, n, attributes) {
  const header = pack({ n });
  const head = Buffer.allocUnsafe(BATCH_HEAD);
  head.write('PYB1', 0, 'latin1');
  head.writeUInt32LE(header.length, 4);
  head.writeUInt32LE(contents.length, 8);
  return Buffer.concat([head, header, contents, attributes ? pack(attributes) : NO_ATTRIBUTES]);
}

// Number of messages, packed contents and packed attributes of a batch.
function openBatch(data) {
  if (data.length < BATCH_HEAD || data.latin1Slice(0, 4) !== 'PYB1') throw new RangeError('these bytes are not a batch');
  const start = BATCH_HEAD + data.readUInt32LE(4);
  const stop = start + data.readUInt32LE(8);
  return [unpack(data, BATCH_HEAD, start).n, data.subarray(start, stop), data.subarray(stop)];
}

// A frame in one piece.
function frame(head, bodies) {
  const packed = pack(head);
  const start = Buffer.allocUnsafe(FRAME_HEAD);
  const size = bodies.reduce((sum, body) => sum + body.length, 0);
  start.writeUInt32LE(4 + packed.length + size, 0);
  start.writeUInt32LE(packed.length, 4);
  return Buffer.concat([start, packed, ...bodies]);
}

// Puts frames together from the pieces in which they arrive.
class FrameReader {
  constructor(taken) {
    this._taken = taken;
    this._start = Buffer.allocUnsafe(FRAME_HEAD);
    this._data = null;
    this._filled = 0;
  }

  // More bytes have come.
  feed(piece) {
    let from = 0;
    while (from < piece.length) {
      const target = this._data ?? this._start;
      const copied = piece.copy(target, this._filled, from);
      from += copied;
      this._filled += copied;
      if (this._filled === target.length) this._complete();
    }
  }

  _complete() {
    const data = this._data;
    this._filled = 0;
    if (data === null) {
      this._data = Buffer.allocUnsafeSlow(this._start.readUInt32LE(0) - 4);
      return;
    }
    this._data = null;
    const size = this._start.readUInt32LE(4);
    this._taken(unpack(data, 0, size), data.subarray(size));
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

// Let some time pass while nothing else can be done here.
function nap(milliseconds) {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}

// The socket to the engine. Reading is the event loop's, but for answers that user code waits for; writing is done on the spot.
class Channel {
  constructor(descriptor) {
    this._descriptor = descriptor;
    this._piece = Buffer.allocUnsafeSlow(1 << 16);
  }

  send(head, ...bodies) {
    const data = frame(head, bodies);
    let sent = 0;
    let idle = 0.05;
    while (sent < data.length) {
      try {
        sent += fs.writeSync(this._descriptor, data, sent);
        idle = 0.05;
      } catch (error) {
        if (error.code !== 'EAGAIN') process.reallyExit(0); // the engine is gone
        nap(idle);
        idle = Math.min(idle * 2, 5);
      }
    }
  }

  // Wait until there are bytes, and hand them over.
  receive(reader) {
    for (let idle = 0.05; ; idle = Math.min(idle * 2, 5)) {
      try {
        const size = fs.readSync(this._descriptor, this._piece);
        if (size === 0) process.reallyExit(0);
        reader.feed(this._piece.subarray(0, size));
        return;
      } catch (error) {
        if (error.code !== 'EAGAIN') process.reallyExit(0);
        nap(idle);
      }
    }
  }
}

module.exports = { batch, openBatch, FrameReader, Channel };
