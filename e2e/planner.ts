// What a planner does and sees, in the words of the work.

import { createRequire } from 'node:module';
import { readFileSync, rmSync } from 'node:fs';
import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { makeWorkspace, Server } from './server';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The town drawn by hand: 10,000 people, whose answers are known by arithmetic. */
export const town = '990100';

export class Planner {
  constructor(
    readonly page: Page,
    readonly server: Server,
  ) {}

  async opens(href: string): Promise<void> {
    await this.page.goto(this.server.url + href);
    await expect(this.page.locator('main')).not.toBeEmpty();
    await expect(this.page.locator('main .loading')).toHaveCount(0);
  }

  async opensScoreboard(more = ''): Promise<void> {
    await this.opens(`/?area=${town}${more}`);
    await expect(this.row('1.1.7')).toBeVisible();
  }

  async opensPromise(indicator: string, more = ''): Promise<void> {
    await this.opens(`/indicator?area=${town}&indicator=${indicator}${more}`);
    await expect(this.page.locator('.readings')).toBeVisible();
  }

  /** Chooses another area by what is typed into the selector at the top. */
  async goesTo(typed: string): Promise<void> {
    const selector = this.page.getByRole('combobox', { name: /^(地区|Area)$/ });
    await selector.click();
    await selector.fill(typed);
    await selector.press('Enter');
  }

  /** The row of the reading that counts. */
  row(clause: string): Locator {
    return this.page.locator('.targets .row-main').filter({ has: this.page.getByRole('cell', { name: clause, exact: true }) }).first();
  }

  async chooses(clause: string): Promise<void> {
    await this.row(clause).getByRole('link').first().click();
  }

  async asksWhy(): Promise<void> {
    await this.page.getByRole('link', { name: '为什么是这个数' }).click();
    await expect(this.page.locator('.why-tree')).toBeVisible();
  }

  get figure(): Locator {
    return this.page.locator('.readings .figure');
  }

  async enters(element: string): Promise<void> {
    await this.page.locator('.element-list').getByRole('link', { name: element }).click();
    await expect(this.page.locator('.element-panel form')).toBeVisible();
  }

  async reports({ value, source, reason }: { value: string; source: string; reason?: string }): Promise<void> {
    const form = this.page.locator('.element-panel form');
    await form.locator('[name=value]').fill(value);
    await form.locator('[name=source]').fill(source);
    if (reason !== undefined) await form.locator('[name=reason]').fill(reason);
    await form.getByRole('button', { name: '保存' }).click();
  }

  async seesSaved(): Promise<void> {
    await expect(this.page.locator('.notice')).toContainText('已保存');
  }

  /** Tries a place by its coordinates, as a form does it. */
  async triesPlace({ name, lon, lat }: { name: string; lon: string; lat: string }): Promise<void> {
    const form = this.page.locator('.try-place form');
    await form.locator('[name=name]').fill(name);
    await form.locator('[name=lon]').fill(lon);
    await form.locator('[name=lat]').fill(lat);
    await form.getByRole('button', { name: '试算' }).click();
  }

  async undoesLatest(): Promise<void> {
    await this.page.getByRole('navigation', { name: '功能' }).getByRole('link', { name: '变更' }).click();
    await this.page.getByRole('button', { name: '撤销' }).click();
  }

  /** Rules of WCAG 2.2 AA that axe can judge; each violation is named with its elements. */
  async findsNoBarrier(): Promise<void> {
    // Functions only: the content security policy refuses strings in the page,
    // so axe comes in through the debugger's own world.
    const session = await this.page.context().newCDPSession(this.page);
    const run = async <T>(expression: string): Promise<T> => {
      const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.value as T;
    };
    await run<undefined>(`${axe}; undefined`);
    const violations = await run<string[]>(`
      axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((found) =>
        found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', ')))`);
    expect(violations).toEqual([]);
    await session.detach();
  }

  /** Whatever is pressed is high enough for a pointer, and on a phone for a thumb. */
  async isEasyToHit(): Promise<void> {
    const small = await this.page.evaluate(() => {
      const least = window.innerWidth < 700 ? 44 : 24;
      return Array.from(document.querySelectorAll<HTMLElement>('a, button, input, select, textarea, summary'))
        .filter((element) => element.checkVisibility() && element.closest('.visually-hidden') === null)
        .map((element) => {
          const labelled = element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio');
          const { width, height } = ((labelled && element.closest('label')) || element).getBoundingClientRect();
          return { width, height, is: `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 20)} ${width} × ${height}` };
        })
        .filter(({ width, height }) => height > 0 && (height < least - 0.5 || width < 24 - 0.5))
        .map(({ is }) => is);
    });
    expect(small, 'targets too small').toEqual([]);
  }

  async fitsTheScreen(): Promise<void> {
    const { width, content, header } = await this.page.evaluate(() => ({
      width: window.innerWidth,
      content: document.documentElement.scrollWidth,
      header: document.querySelector('.header')?.getBoundingClientRect().height ?? 0,
    }));
    expect(content, 'width of the content').toBeLessThanOrEqual(width);
    expect(header, 'height of the header').toBeLessThan(160);
  }
}

interface Fixtures {
  planner: Planner;
  server: Server;
  /** What the server holds: the town, or with test.use the whole region. */
  extent: 'town' | 'region';
}

interface Workspaces {
  workspaces: (extent: 'town' | 'region') => string;
}

export const test = base.extend<Fixtures, Workspaces>({
  extent: ['town', { option: true }],
  workspaces: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what is destructured
    async ({}, use) => {
      const made = new Map<string, string>();
      await use((extent) => {
        const dir = made.get(extent) ?? makeWorkspace(extent);
        made.set(extent, dir);
        return dir;
      });
      for (const dir of made.values()) rmSync(dir, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ workspaces, extent }, use) => {
      const server = await Server.start(workspaces(extent));
      await use(server);
      await server.stop();
    },
    { timeout: 120_000 },
  ],
  planner: async ({ page, server }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (fault) => faults.push(fault.message));
    await use(new Planner(page, server));
    expect(faults, 'errors thrown in the page').toEqual([]);
  },
});

export { expect };
