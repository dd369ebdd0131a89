'use strict';
// Content too large for a queue row, as claims.py: a file of the claims folder, and a Claim in its place.

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { unpack } = require('./decode');
const { Failure } = require('./failure');
const { Claim } = require('./types');

const LARGE_BYTES = 1 << 20;
const LOST = "the file that kept this content is gone from the workspace's claims folder; restore it, or drop the message";

// Without a folder everything stays in rows, however large: `limit` is out of reach.
class Store {
  constructor(folder) {
    this._folder = folder;
    this.limit = folder ? LARGE_BYTES : Infinity;
  }

  _path(claim) {
    return path.join(this._folder, claim.id.slice(0, 2), claim.id);
  }

  // Keep a packed content in a file; bytes are kept as they are.
  put(packed) {
    const content = isBytes(packed) ? unpack(packed) : packed;
    const claim = new Claim(crypto.randomUUID().replaceAll('-', ''), content.length, content === packed ? 'packed' : 'bytes');
    fs.mkdirSync(path.dirname(this._path(claim)), { recursive: true });
    fs.writeFileSync(this._path(claim), content, { flag: 'wx', mode: 0o600 });
    return claim;
  }

  // Which of the contents are claims whose file is gone.
  lost(contents) {
    return [...contents.keys()].filter((row) => contents[row] instanceof Claim && !fs.existsSync(this._path(contents[row])));
  }

  // The contents with every claim replaced by what is behind it.
  resolve(contents) {
    return contents.map((content) => this.load(content));
  }

  // The content, from its file if it is there; throws a Failure when the file is gone.
  load(content) {
    return content instanceof Claim ? this._get(content) : content;
  }

  _get(claim) {
    const data = this._read(claim);
    return claim.type === 'bytes' ? data : unpack(data);
  }

  _read(claim) {
    try {
      return fs.readFileSync(this._path(claim));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      throw new Failure('ContentLost', LOST, '', false);
    }
  }
}

function isBytes(packed) {
  return packed[0] >= 0xc4 && packed[0] <= 0xc6;
}

// The ids of the claims among contents.
function named(contents) {
  return contents.filter((content) => content instanceof Claim).map((claim) => claim.id);
}

module.exports = { Store, LOST, named };
