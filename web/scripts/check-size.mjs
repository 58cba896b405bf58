// Holds that a staff page, whatever it opens, needs at most 500 kB of JavaScript
// as it goes over the wire: what every page reads, the page itself, one language,
// and, where it shows a map, the map library with its worker.

import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const budgetBytes = 500_000;
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, 'utf8'));
// It was made for this check; the server has no use for it.
rmSync(`${dist}/.vite`, { recursive: true });

const bytesOf = (file) => gzipSync(readFileSync(`${dist}/${file}`)).length;
const isPage = (key) => /^src\/pages\/\w+Page\.tsx$/.test(key);
const isOtherLanguage = (key) => key === 'src/locales/en.json'; // the smaller of the two

/** Every file of JavaScript that a page may come to read. */
function filesOf(page) {
  const files = new Set();
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key) || isOtherLanguage(key) || (isPage(key) && key !== page)) return;
    seen.add(key);
    const { file, imports = [], dynamicImports = [], assets = [] } = manifest[key];
    for (const name of [file, ...assets]) if (name.endsWith('.js')) files.add(name);
    for (const next of [...imports, ...dynamicImports]) visit(next);
  };
  visit('index.html');
  visit(page);
  return [...files];
}

const pages = Object.keys(manifest).filter(isPage);
if (pages.length === 0) throw new Error('the manifest names no page');
for (const page of pages) {
  const sizes = filesOf(page).map((name) => ({ name, bytes: bytesOf(name) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`${page}: ${(total / 1000).toFixed(1)} kB of ${budgetBytes / 1000}`);
  if (total <= budgetBytes) continue;
  for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes)) console.error(`${(bytes / 1000).toFixed(1)} kB ${name}`);
  process.exitCode = 1;
}
