import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));

let tree = '';
beforeAll(() => {
  tree = mkdtempSync(`${tmpdir()}/layers-`);
  copyFileSync(`${here}.oxlintrc.json`, `${tree}/.oxlintrc.json`);
});
afterAll(() => {
  rmSync(tree, { recursive: true });
});

/** What oxlint says of a file of one layer that imports from another. */
function lint(layer: string, imported: string): string {
  mkdirSync(`${tree}/src/${layer}/part`, { recursive: true });
  writeFileSync(`${tree}/src/${layer}/part/planted.ts`, `import { x } from '../../${imported}/part/y';\n\nexport const z = x;\n`);
  try {
    return execFileSync(`${here}node_modules/.bin/oxlint`, ['-f', 'unix', `src/${layer}`], { cwd: tree, encoding: 'utf8' });
  } catch (refused) {
    return String((refused as { stdout: unknown }).stdout);
  }
}

it.each([
  ['lib', 'api'],
  ['lib', 'state'],
  ['api', 'components'],
  ['state', 'api'],
  ['components', 'api'],
  ['map', 'features'],
  ['features', 'pages'],
])('%s may not import %s', (layer, imported) => {
  expect(lint(layer, imported)).toContain('no-restricted-imports');
});

it.each([
  ['pages', 'features'],
  ['features', 'api'],
  ['features', 'map'],
  ['map', 'components'],
  ['components', 'lib'],
  ['api', 'lib'],
])('%s may import %s', (layer, imported) => {
  expect(lint(layer, imported)).not.toContain('no-restricted-imports');
});
