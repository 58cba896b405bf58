import { readFileSync } from 'node:fs';
import { expect, test, town } from './planner';

const fitness = 'sport.fitness_10min';

interface Sited {
  gained: number;
  sites: { id: string }[];
  result: { after: number };
}

test('sites are chosen under a limit, followed while it runs, and compared', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/siting?area=${town}&indicator=${fitness}`);
  await expect(page.locator('.siting-form')).toContainText('缺口：600 人');
  await page.getByLabel('只用居民点').check();
  await page.locator('[name=p]').fill('');
  await page.getByRole('button', { name: '开始选址' }).click();
  await expect(page.locator('.field-error')).toContainText('至少填处数或预算之一');
  await page.locator('[name=p]').fill('1');
  await page.getByRole('button', { name: '开始选址' }).click();
  // One place in the north-east reaches all 600 who lack one.
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务 600 人：9,400 → 10,000');
  await expect(page.locator('.portfolio')).toContainText('处数');
  const id = new URL(page.url()).searchParams.get('row') ?? '';
  const sited = await server.get<Sited>(`/sitings/${id}`);
  expect(sited).toMatchObject({ gained: 600, result: { after: 100 } });
  expect(sited.sites).toHaveLength(1);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载项目草案' }).click();
  const drafts = readFileSync(await (await download).path(), 'utf8').trim().split('\r\n');
  expect(drafts).toHaveLength(2);
  expect(drafts[1]).toContain(`,600,draft`);
  await page.reload();
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务 600 人');
  await expect(page.locator('[name=p]')).toHaveValue('1');
  await page.locator('[name=p]').fill('2');
  await page.getByRole('button', { name: '开始选址' }).click();
  await expect(page.locator('.runs tbody tr')).toHaveCount(2);
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务 600 人');
  await planner.findsNoBarrier();
  expect(await server.seq(), 'siting changes nothing').toBe(1);
  await page.getByRole('navigation', { name: '功能' }).getByRole('link', { name: '管理' }).click();
  await expect(page.locator('.jobs > ul > li')).toHaveCount(2);
  await expect(page.locator('.jobs')).toContainText('完成');
  await page.getByRole('link', { name: '路网' }).click();
  await expect(page.locator('.network')).toContainText('22 个人口点，其中 0 个');
  await planner.findsNoBarrier();
});

test('what cannot be sited says why', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/siting?area=${town}&indicator=sport.ground_per_person`);
  await expect(page.locator('.siting-form .form-error')).toContainText('请先填报');
  await planner.opens(`/siting?area=${town}&indicator=${fitness}`);
  await page.getByLabel('只用闲置房屋').check();
  await expect(page.locator('.siting-form .form-error')).toContainText('没有候选位置');
  expect((await server.get<{ jobs: unknown[] }>('/jobs')).jobs).toEqual([]);
});

interface Kept {
  id: string;
  name: string;
  steps: { op: string; kind?: string; at?: [number, number] }[];
}

test('an answer is kept as a scenario with the keyboard alone, and the map opens it', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/siting?area=${town}&indicator=${fitness}`);
  await page.getByLabel('只用居民点').check();
  await page.locator('[name=p]').fill('1');
  await page.locator('[name=p]').press('Enter');
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务 600 人');
  const run = new URL(page.url()).searchParams.get('row') ?? '';
  const { sites } = await server.get<{ sites: { id: string; lon: number; lat: number }[] }>(`/sitings/${run}`);
  const name = page.locator('[name=siting-scenario]');
  await expect(name).toHaveValue('城市10分钟健身圈 · 1 处');
  await name.fill('东北添一处');
  await name.press('Enter');
  await expect(page.locator('.keep-scenario [role=status]')).toContainText('已存为方案“东北添一处”');
  const { scenarios } = await server.get<{ scenarios: Kept[] }>('/scenarios');
  expect(scenarios.map((scenario) => scenario.name)).toEqual(['东北添一处']);
  const id = scenarios[0]?.id ?? '';
  const kept = await server.get<Kept>(`/scenarios/${id}`);
  expect(kept.steps).toEqual([expect.objectContaining({ op: 'add', at: [sites[0]?.lon, sites[0]?.lat] })]);
  await planner.findsNoBarrier();
  await page.getByRole('link', { name: '在地图上打开' }).press('Enter');
  await expect(page).toHaveURL(new RegExp(`/map\\?.*scenario=${id}`));
  await expect(page.locator('.steps tbody tr')).toHaveCount(1);
  await expect(page.locator('.effects')).toContainText('新增达标 600 人');
  expect((await server.result(town, fitness)).value, 'nothing of it is real').toBe(94);
  await page.getByRole('navigation', { name: '功能' }).getByRole('link', { name: '变更' }).click();
  await expect(page.locator('.changes tbody tr').first()).toContainText('改动一个方案');
});

test('quotas and closings are asked for, kept by the answer, and refused by name where nobody can keep them', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/siting?area=${town}&indicator=${fitness}`);
  await page.locator('[name=p]').fill('1');
  await page.locator('[name=close]').fill('2');
  await page.getByText('各地区名额').click();
  const quotas = page.locator('.siting-form details table tbody tr');
  await expect(quotas).toHaveCount(2);
  await quotas.filter({ hasText: '河西区' }).getByLabel('至多').fill('0');
  await quotas.filter({ hasText: '河东区' }).getByLabel('至少').fill('3');
  await quotas.filter({ hasText: '河东区' }).getByLabel('至多').fill('2');
  await expect(page.locator('.siting-form')).toContainText('至少不能大于至多');
  await quotas.filter({ hasText: '河东区' }).getByLabel('至少').fill('1');
  await planner.findsNoBarrier();
  await page.getByRole('button', { name: '开始选址' }).click();
  await expect(page.locator('.portfolio .headline')).toContainText('新增服务');
  const id = new URL(page.url()).searchParams.get('row') ?? '';
  interface Answer { sites: { area: string }[]; closed?: { id: string }[]; steps: { op: string }[]; gained: number }
  const answer = await server.get<Answer>(`/sitings/${id}`);
  expect(answer.sites.length).toBeGreaterThan(0);
  expect(answer.sites.every(({ area }) => area.startsWith('990102'))).toBe(true);
  expect((answer.closed ?? []).length).toBeLessThanOrEqual(2);
  expect(answer.steps.filter(({ op }) => op === 'close')).toHaveLength((answer.closed ?? []).length);
  // What was typed outlives a reload, and a wish that nobody can keep is named.
  await page.reload();
  await expect(page.locator('[name=close]')).toHaveValue('2');
  await quotas.filter({ hasText: '河西区' }).getByLabel('至多').fill('');
  await quotas.filter({ hasText: '河西区' }).getByLabel('至少').fill('40');
  await page.getByRole('button', { name: '开始选址' }).click();
  await expect(page.locator('.siting-form .form-error')).toContainText('990101');
  await expect(page.locator('[name=close]')).toHaveValue('2');
});
