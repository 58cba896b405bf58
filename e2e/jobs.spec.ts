// A long computation is stopped, and keeps the best it has found.

import { expect, test } from './planner';

const fitness = 'sport.fitness_10min';

test.use({ extent: 'region' });
test.setTimeout(180_000); // a question about a whole region

interface JobHeld {
  state: string;
  has_result: boolean;
}

interface Answer {
  proof: string;
  value: number;
  bound: number;
  gained: number;
  sites: { id: string }[];
}

test('a search is stopped and keeps the best so far, also over a reload', async ({ planner, server }) => {
  const { page } = planner;
  const before = await server.seq();
  await planner.opens(`/siting?area=640000&indicator=${fitness}`);
  await page.locator('[name=p]').fill('100');
  await page.locator('[name=seconds]').fill('3600');
  await page.getByRole('button', { name: '开始选址' }).click();
  const progress = page.locator('.job-progress').first();
  // There is something to keep as soon as it says a value.
  await expect(progress).toContainText('当前', { timeout: 60_000 });
  const id = new URL(page.url()).searchParams.get('row') ?? '';
  await progress.getByRole('button', { name: '停止，取目前最好' }).click();
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务', { timeout: 60_000 });
  const held = await server.get<JobHeld>(`/jobs/${id}`);
  expect(held.has_result).toBe(true);
  expect(['cancelled', 'done']).toContain(held.state);
  const answer = await server.get<Answer>(`/sitings/${id}`);
  expect(answer.sites.length).toBeGreaterThan(0);
  expect(answer.sites.length).toBeLessThanOrEqual(100);
  expect(answer.gained).toBeGreaterThan(0);
  expect(answer.bound).toBeGreaterThanOrEqual(answer.value);
  expect(await server.seq(), 'a search changes nothing').toBe(before);
  await page.reload();
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务');
  // The list of jobs says how it ended, and offers nothing to stop.
  await planner.opens('/admin?tab=jobs');
  await expect(page.locator('.jobs > ul > li')).toHaveCount(1);
  await expect(page.locator('.jobs')).toContainText(held.state === 'cancelled' ? '已停止' : '完成');
  await expect(page.getByRole('button', { name: '停止，取目前最好' })).toHaveCount(0);
  await planner.findsNoBarrier();
});
