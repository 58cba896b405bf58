// The time that processors worked for a browser: on a machine that others use too
// it says more than the clock.

import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100; // of Linux's /proc on every machine of today

interface Running {
  parent: string;
  command: string;
  milliseconds: number;
}

function running(): Map<string, Running> {
  const found = new Map<string, Running>();
  for (const id of readdirSync('/proc')) {
    if (!/^\d+$/.test(id)) continue;
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      // The name of a program, in brackets, may hold anything; what follows it is numbers.
      const after = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const ticks = Number(after[11]) + Number(after[12]);
      found.set(id, { parent: after[1] ?? '', command, milliseconds: (ticks * 1000) / ticksPerSecond });
    } catch {
      // It ended while it was looked at.
    }
  }
  return found;
}

/** Milliseconds of processor time of all browsers that this process started, since they began. */
export function workOfBrowsers(): number {
  const all = running();
  const ours = (id: string): boolean => {
    for (let at: string | undefined = id; at !== undefined && all.has(at); at = all.get(at)?.parent) {
      if (at === String(process.pid)) return true;
    }
    return false;
  };
  let sum = 0;
  for (const [id, { command, milliseconds }] of all) if (command.includes('--user-data-dir') || command.includes('--type=')) sum += ours(id) ? milliseconds : 0;
  return sum;
}
