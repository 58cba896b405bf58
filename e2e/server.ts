// A server of its own for each journey, and what it holds.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/lifecircle', import.meta.url));

/**
 * Makes a workspace once; journeys work on copies. The town alone is made in a
 * fifth of a second and served at once; the whole region takes 15 s and seconds
 * to start, so only what needs thousands of areas asks for it.
 */
export function makeWorkspace(extent: 'town' | 'region'): string {
  const dir = mkdtempSync(`${tmpdir()}/lifecircle-e2e-`);
  execFileSync(program, ['demo', dir, '--no-serve', ...(extent === 'town' ? ['--town'] : [])], { stdio: 'pipe' });
  return dir;
}

export interface Result {
  indicator: string;
  variant: string;
  area: string;
  chosen: boolean;
  value: number | null;
  state: string;
  provenance: string;
  target: number | null;
}

export class Server {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly dir: string,
  ) {}

  static async start(workspace: string): Promise<Server> {
    const dir = mkdtempSync(`${tmpdir()}/lifecircle-e2e-`);
    cpSync(workspace, dir, { recursive: true });
    const child = spawn(program, ['serve', '--dir', dir, '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /http:\/\/[\d.:]+/.exec(said);
        if (found) resolve(found[0]);
      });
      child.once('exit', () => { reject(new Error(`the server ended: ${said}`)); });
    });
    return new Server(url, child, dir);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async post(path: string, body?: unknown): Promise<number> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status;
  }

  /** Does something to a scenario as somebody who has just read it. */
  private async touch(id: string, deed: string, body?: unknown): Promise<number> {
    const { revision } = await this.get<{ revision: number }>(`/scenarios/${id}`);
    const response = await fetch(`${this.url}/api/v1/scenarios/${id}/${deed}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'If-Match': `"${revision}"` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status;
  }

  edit(id: string, edits: readonly unknown[]): Promise<number> {
    return this.touch(id, 'edits', { edits });
  }

  undo(id: string): Promise<number> {
    return this.touch(id, 'undo');
  }

  async results(area: string): Promise<Result[]> {
    return (await this.get<{ results: Result[] }>(`/results?area=${area}`)).results;
  }

  /** The reading of a promise that counts, as the server holds it. */
  async result(area: string, indicator: string): Promise<Result> {
    const found = (await this.results(area)).find((result) => result.indicator === indicator && result.chosen);
    if (found === undefined) throw new Error(`no result ${indicator} in ${area}`);
    return found;
  }

  async seq(): Promise<number> {
    return (await this.get<{ seq: number }>('/workspace')).seq;
  }

  async values(element: string, area: string): Promise<{ source: string; value: string; counts: boolean }[]> {
    return (await this.get<{ values: { source: string; value: string; counts: boolean }[] }>(`/values/${element}/${area}/2025`)).values;
  }
}
