import { expect, test, town, type Planner } from './planner';
import type { Server } from './server';

const fitness = 'sport.fitness_10min';
const packages = `/admin?area=${town}&tab=plans&words=1.1.7`;

interface Kept {
  id: string;
  name: string;
  state: string;
  steps: { op: string; object?: string; variant?: string; parameter?: string; value?: string; area?: string; at?: number[] }[];
}

async function keptScenario(server: Server): Promise<Kept> {
  const { scenarios } = await server.get<{ scenarios: Kept[] }>('/scenarios');
  const [first] = scenarios;
  if (first === undefined) throw new Error('no scenario is kept');
  return server.get<Kept>(`/scenarios/${first.id}`);
}

/** Opens the trial of a number by what stands in its row. */
async function tries(planner: Planner, row: string): Promise<void> {
  await planner.page.locator('.plan-numbers tbody tr').filter({ hasText: row }).getByRole('link').click();
  await expect(planner.page.locator('.plan-trial')).toBeVisible();
}

test('the packages are read from the top, with what they state and what checking them says', async ({ planner, server }) => {
  await planner.opens(packages);
  const { packages: all } = await server.get<{ packages: { name: { zh: string } }[] }>('/plan-packages');
  await expect(planner.page.locator('.plan-cascade a')).toHaveText(all.map(({ name }) => name.zh));
  const rows = planner.page.locator('.plan-numbers tbody tr');
  await expect(rows).toHaveCount(3); // two readings of ten minutes, and the target
  await expect(rows.filter({ hasText: '2025 年目标' })).toContainText('≥ 95 %');
  await expect(rows.filter({ hasText: '步行1000米' })).toContainText('本地选择');
  await planner.page.locator('summary').filter({ hasText: '检查结果' }).click();
  await expect(planner.page.locator('details[open]')).toContainText('低于上级');
  await planner.findsNoBarrier();
});

test('another reach is tried as it is typed, and kept as a step of a scenario', async ({ planner, server }) => {
  const before = await server.seq();
  await planner.opens(packages);
  await tries(planner, '步行1000米');
  const value = planner.page.locator('[name=plan-value]');
  // Of 10,000 people 9,400 live within 1,000 m and 5,700 within 800.
  await value.fill('800');
  const moved = planner.page.locator('.plan-effects');
  await expect(moved.first()).toContainText('57');
  await expect(planner.page.locator('.plan-trial')).toContainText('不再达标 3,700 人');
  await expect(planner.page.locator('.plan-trial .warning')).toHaveCount(0);
  await value.fill('1200');
  await expect(planner.page.locator('.plan-trial .warning')).toContainText('低于上级');
  await planner.findsNoBarrier();
  await value.fill('x');
  await expect(planner.page.locator('.plan-trial .field-error')).toBeVisible();
  await expect(planner.page.getByRole('button', { name: '存为新方案' })).toBeDisabled();
  await value.fill('800');
  await expect(moved.first()).toContainText('57');
  expect(await server.seq()).toBe(before);
  await planner.page.getByRole('button', { name: '存为新方案' }).click();
  await expect(planner.page.locator('.plan-trial')).toContainText('已存入方案');
  const kept = await keptScenario(server);
  expect(kept.steps).toMatchObject([{ op: 'parameter', object: fitness, variant: 'w1000', parameter: 'reach', value: '800' }]);
  // The plan itself says what it said.
  expect((await server.result(town, fitness)).value).toBe(94);
  await planner.page.getByRole('link', { name: '在地图上打开' }).click();
  await expect(planner.page.locator('.steps tbody')).toContainText('假定参数');
});

test('a number is tried in English on a phone with the keyboard alone', async ({ planner, server }) => {
  await planner.page.setViewportSize({ width: 390, height: 844 });
  await planner.opens(`${packages}&lang=en`);
  await planner.fitsTheScreen();
  await planner.isEasyToHit();
  const open = planner.page.locator('.plan-numbers tbody tr').filter({ hasText: 'target of 2025' }).getByRole('link');
  await open.focus();
  await planner.page.keyboard.press('Enter');
  await planner.page.locator('[name=plan-value]').focus();
  await planner.page.keyboard.press('Control+A');
  await planner.page.keyboard.type('90');
  await expect(planner.page.locator('.plan-trial .warning')).toContainText('asks for less');
  await expect(planner.page.locator('.plan-effects').first()).toContainText('achieved');
  await planner.fitsTheScreen();
  await planner.findsNoBarrier();
  await planner.page.getByRole('button', { name: 'Keep as a new scenario' }).focus();
  await planner.page.keyboard.press('Enter');
  await expect(planner.page.locator('.plan-trial')).toContainText('Kept in the scenario');
  expect((await keptScenario(server)).steps).toMatchObject([{ op: 'parameter', parameter: 'target', value: '90' }]);
});

test('a street is closed by the form, and whom it cuts off is told', async ({ planner, server }) => {
  const { facilities } = await server.get<{ facilities: { lon: number; lat: number }[] }>(`/layers/${fitness}/${town}`);
  const [place] = facilities;
  if (place === undefined) throw new Error('the town has no place');
  await planner.opens(`/map?area=${town}&indicator=${fitness}`);
  await planner.page.locator('[name=step-op]').selectOption('close_street');
  await planner.page.locator('[name=step-lon]').fill(String(place.lon));
  await planner.page.locator('[name=step-lat]').fill(String(place.lat));
  await planner.page.locator('.step-form').getByRole('button', { name: '试算' }).click();
  await expect(planner.page.locator('.effects')).toContainText('不再达标');
  await planner.page.getByRole('button', { name: '新建方案并加入' }).click();
  await expect(planner.page).toHaveURL(/scenario=/);
  await expect(planner.page.locator('.steps tbody')).toContainText('封闭道路');
  expect((await keptScenario(server)).steps).toMatchObject([{ op: 'close_street', at: [place.lon, place.lat] }]);
});
