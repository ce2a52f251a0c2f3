// Checks .tlog-proof files from an Outrider audit log with Sigstore's own verifier and nothing of Outrider's.
//
//     node verify.mjs VERIFIER-KEY FILE...
//
// Each file holds one record, its path to the root and the signed checkpoint; the key is the line in log.vkey. What decides is
// @sigstore/verify: the signature under the checkpoint, and the way from the record to the root. This file only takes the two
// text formats apart. Exit status 0 means that every file held.
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { verifyCheckpoint } = require('@sigstore/verify/dist/tlog/checkpoint.js');
const { verifyMerkleInclusion } = require('@sigstore/verify/dist/tlog/merkle.js');

// DER of an Ed25519 public key, up to the key itself (RFC 8410).
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function log(vkey) {
  const [name, id, material] = vkey.trim().split(/\+(.{8})\+/);
  const typed = Buffer.from(material ?? '', 'base64');
  if (typed.length !== 33 || typed[0] !== 1) {
    throw new Error(`key: ${vkey} (expected: NAME+ID+KEY of Ed25519)`);
  }
  return {
    baseURL: name,
    logID: Buffer.from(id, 'hex'),
    publicKey: createPublicKey({ key: Buffer.concat([SPKI, typed.subarray(1)]), format: 'der', type: 'spki' }),
  };
}

function proof(text) {
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end).split('\n');
  if (end < 0 || lines.shift() !== 'c2sp.org/tlog-proof@v1') {
    throw new Error('not a tlog-proof');
  }
  const extra = lines[0].startsWith('extra ') ? lines.shift().slice('extra '.length) : undefined;
  const index = /^index (\d+)$/.exec(lines.shift() ?? '')?.[1];
  if (extra === undefined || index === undefined) {
    throw new Error('no record or no index in it');
  }
  return {
    canonicalizedBody: Buffer.from(extra, 'base64'),
    inclusionProof: {
      logIndex: index,
      hashes: lines.map((line) => Buffer.from(line, 'base64')),
      checkpoint: { envelope: text.slice(end + 2) },
    },
  };
}

const [vkey, ...files] = process.argv.slice(2);
if (vkey === undefined || files.length === 0) {
  console.error('usage: node verify.mjs VERIFIER-KEY FILE...');
  process.exit(2);
}
for (const file of files) {
  try {
    const known = log(vkey);
    const entry = proof(readFileSync(file, 'utf8'));
    const checkpoint = verifyCheckpoint(entry, [known]);
    if (checkpoint.origin !== known.baseURL) {
      throw new Error(`origin ${checkpoint.origin} (expected: ${known.baseURL})`);
    }
    verifyMerkleInclusion(entry, checkpoint);
  } catch (error) {
    console.error(`REJECTED: ${file}: ${error.message}`);
    process.exit(1);
  }
}
console.log(`accepted: ${files.length} records`);
