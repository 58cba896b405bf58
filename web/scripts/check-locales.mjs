// Holds that both languages have the same keys with the same placeholders, that
// no text is missing where one is expected, that Chinese is punctuated as Chinese
// (：and not :), and that every key is used: by name,
// or, for a group whose keys are codes of the server, by the group.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (language) => flatten(JSON.parse(readFileSync(`${root}src/locales/${language}.json`, 'utf8')));

function flatten(tree, prefix = '') {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
}

const faults = [];
const zh = new Map(read('zh-CN'));
const en = new Map(read('en'));
const placeholders = (text) => [...text.matchAll(/{{\w+}}/g)].map(String).toSorted().join(' ');

// Where English needs no word, as the unit of a count.
const mayBeEmpty = new Set(['unit.count', 'unit.1']);

for (const [key, text] of zh) {
  const other = en.get(key);
  if (other === undefined) faults.push(`en.json lacks ${key}`);
  else if (placeholders(text) !== placeholders(other)) faults.push(`${key}: the placeholders differ`);
  if (/\p{Script=Han}[”}]*[,:;?!(]|[,:;(]“?\p{Script=Han}/u.test(text)) faults.push(`${key}: write ，：；？！（） beside Chinese`);
  if (text === '' || (other === '' && !mayBeEmpty.has(key))) faults.push(`${key} is empty`);
}
for (const key of en.keys()) if (!zh.has(key)) faults.push(`zh-CN.json lacks ${key}`);

const sources = readdirSync(`${root}src`, { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(`${root}src/${name}`, 'utf8'))
  .join('\n');
const groups = new Set([...sources.matchAll(/codeText\(t, '(\w+)'/g)].map((match) => match[1]));
const stems = [...sources.matchAll(/t\(\s*(?:[^'`()]*\?\s*)?`([\w.]+)\.\$\{/g)].map((match) => `${match[1]}.`);
for (const key of zh.keys()) {
  const used =
    sources.includes(`'${key}'`) || groups.has(key.split('.')[0]) || stems.some((stem) => key.startsWith(stem)) ||
    new RegExp(`\`${key.split('.').slice(0, -1).join('\\.')}\\.\\$\\{`).test(sources);
  if (!used) faults.push(`${key} is used nowhere`);
}

for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
