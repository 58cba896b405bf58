// Holds that a staff page, whatever it opens, needs at most 500 kB of JavaScript
// as it goes over the wire.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const budgetBytes = 500_000;
const assets = fileURLToPath(new URL('../dist/assets', import.meta.url));
const sizes = readdirSync(assets)
  .filter((name) => name.endsWith('.js'))
  .map((name) => ({ name, bytes: gzipSync(readFileSync(`${assets}/${name}`)).length }));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
console.log(`JavaScript of all screens: ${(total / 1000).toFixed(1)} kB gzipped of ${budgetBytes / 1000}`);
if (total > budgetBytes) {
  for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes)) console.error(`${(bytes / 1000).toFixed(1)} kB ${name}`);
  process.exit(1);
}
