// The map workspace: scenarios by drag and by form, compared, shared, and kept.

import { expect, test, town, type Planner } from './planner';
import type { Server } from './server';

const fitness = 'sport.fitness_10min';
const page = `/map?area=${town}&indicator=${fitness}`;

interface Place {
  id: string;
  lon: number;
  lat: number;
}

interface Kept {
  id: string;
  name: string;
  head: number;
  tip: number;
  steps: { op: string; id?: string; at?: number[] }[];
}

const layer = (server: Server) => server.get<{ facilities: Place[]; points: (Place & { verdict: string; people: number })[] }>(`/layers/${fitness}/${town}`);

const scenarios = async (server: Server) => (await server.get<{ scenarios: Kept[] }>('/scenarios')).scenarios;

const scenarioOf = async (server: Server): Promise<Kept> => {
  const [first] = await scenarios(server);
  if (first === undefined) throw new Error('no scenario is kept');
  return server.get<Kept>(`/scenarios/${first.id}`);
};

/** Where a place is drawn, by what the map says it shows. */
async function pixelOf(planner: Planner, at: Place): Promise<{ x: number; y: number }> {
  return planner.page.locator('.map-frame').first().evaluate((frame, { lon, lat }) => {
    const box = frame.getBoundingClientRect();
    const [centreLon, centreLat, zoom] = (frame as HTMLElement).dataset['view']?.split(',').map(Number) ?? [];
    if (centreLon === undefined || centreLat === undefined || zoom === undefined) throw new Error('the map does not say what it shows');
    const scale = 256 * 2 ** zoom;
    const y = (degrees: number) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) / (2 * Math.PI);
    return {
      x: box.x + box.width / 2 + ((lon - centreLon) / 360) * scale,
      y: box.y + box.height / 2 + (y(lat) - y(centreLat)) * scale,
    };
  }, at);
}

async function makesScenario(planner: Planner, name: string): Promise<void> {
  await planner.page.locator('[name=scenario-name]').fill(name);
  await planner.page.getByRole('button', { name: '新建方案', exact: true }).click();
  await expect(planner.page).toHaveURL(/scenario=/);
}

async function drags(planner: Planner, from: Place, to: { lon: number; lat: number }): Promise<void> {
  const start = await pixelOf(planner, from);
  const end = await pixelOf(planner, { id: '', ...to });
  await planner.page.mouse.move(start.x, start.y);
  await planner.page.mouse.down();
  const moves = 12;
  for (let i = 1; i <= moves; i++) {
    await planner.page.mouse.move(start.x + ((end.x - start.x) * i) / moves, start.y + ((end.y - start.y) * i) / moves);
  }
  await planner.page.mouse.up();
}

test('a centre is dragged, clause 1.1.7 moves, and a reload shows the same', async ({ planner, server }) => {
  await planner.opens(page);
  await makesScenario(planner, '东移一处');
  const { facilities, points } = await layer(server);
  const centre = facilities[0];
  const far = points.find(({ verdict }) => verdict === 'fail');
  if (centre === undefined || far === undefined) throw new Error('the town has no place, or nobody far from one');
  await drags(planner, centre, far);
  await expect(planner.page.locator('.steps')).toContainText('迁移');
  await expect(planner.page.locator('.effects')).toContainText('1.1.7');
  await expect.poll(async () => (await scenarioOf(server)).steps.length).toBe(1);
  const kept = await scenarioOf(server);
  expect(kept.steps[0]).toMatchObject({ op: 'move', id: centre.id });
  expect(kept.steps[0]?.at?.[0]).toBeCloseTo(far.lon, 3);
  // Nothing of it is real.
  expect((await server.result(town, fitness)).value).toBe(94);
  await planner.page.reload();
  await expect(planner.page.locator('.steps')).toContainText(centre.id);
  await expect(planner.page.locator('.effects')).toContainText('1.1.7');
  // Undo and redo are the server's, so they survive the reload.
  await planner.page.getByRole('button', { name: '撤销一步' }).click();
  await expect(planner.page.locator('.steps')).toHaveCount(0);
  expect((await scenarioOf(server)).steps).toHaveLength(0);
  await planner.page.reload();
  await planner.page.getByRole('button', { name: '重做一步' }).click();
  await expect(planner.page.locator('.steps')).toContainText(centre.id);
  expect((await scenarioOf(server)).steps).toHaveLength(1);
});

test('a place is closed by the form with the keyboard alone, and people are lost', async ({ planner, server }) => {
  await planner.opens(page);
  await planner.page.locator('[name=scenario-name]').focus();
  await planner.page.keyboard.type('关一处');
  await planner.page.keyboard.press('Enter');
  await expect(planner.page).toHaveURL(/scenario=/);
  const { facilities } = await layer(server);
  const closing = facilities[0];
  if (closing === undefined) throw new Error('the town has no place');
  await planner.page.locator('[name=step-op]').selectOption('close');
  await planner.page.locator('[name=step-id]').selectOption(closing.id);
  await planner.page.locator('[name=step-id]').focus();
  await planner.page.keyboard.press('Tab');
  await planner.page.keyboard.press('Enter');
  await expect(planner.page.locator('.people-shift')).toContainText('不再达标');
  expect((await scenarioOf(server)).steps).toHaveLength(0);
  await planner.page.getByRole('button', { name: '加入方案' }).focus();
  await planner.page.keyboard.press('Enter');
  await expect.poll(async () => (await scenarioOf(server)).steps[0]?.op).toBe('close');
  await planner.findsNoBarrier();
});

test('two scenarios are compared, and a link shows another reader the same version', async ({ planner, server, context }) => {
  const { facilities, points } = await layer(server);
  const far = points.find(({ verdict }) => verdict === 'fail');
  if (far === undefined || facilities[0] === undefined) throw new Error('the town has nobody far from a place');
  const add = { op: 'add', kind: 'sports_pitch', area: town, at: [far.lon, far.lat], name: '新球场' };
  expect(await server.post('/scenarios', { area: town, name: '甲', steps: [add] })).toBe(200);
  expect(await server.post('/scenarios', { area: town, name: '乙', steps: [{ op: 'close', id: facilities[0].id }] })).toBe(200);
  const all = await scenarios(server);
  const [first, second] = ['甲', '乙'].map((name) => all.find((known) => known.name === name)?.id ?? '');
  await planner.opens(`${page}&scenario=${first}&compare=${second}`);
  await expect(planner.page.locator('.map-frame')).toHaveCount(2);
  const compared = await server.get<{ a: { people: { gained: number } }; b: { people: { lost: number } } }>(`/comparisons?a=${first}&b=${second}`);
  expect(compared.a.people.gained).toBeGreaterThan(0);
  await expect(planner.page.locator('.comparison')).toContainText(compared.a.people.gained.toLocaleString('en'));
  await expect(planner.page.locator('.comparison')).toContainText(compared.b.people.lost.toLocaleString('en'));
  await planner.findsNoBarrier();
  const link = await planner.page.locator('[name=scenario-link]').inputValue();
  expect(link).toContain(`scenario=${first}%40`);
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.locator('.steps')).toContainText('新球场');
  // Somebody goes on; the link still shows what was shared.
  expect(await server.edit(first ?? '', [{ do: 'append', step: { op: 'close', id: facilities[0].id } }])).toBe(200);
  await other.reload();
  await expect(other.locator('.steps tbody tr')).toHaveCount(1);
  await expect(other.locator('.scenario-bar')).toContainText('最新是第');
});

test('two people edit one scenario: the second is told, and nothing is lost', async ({ planner, server }) => {
  await planner.opens(page);
  await makesScenario(planner, '两人合作');
  const { facilities } = await layer(server);
  const [one, two] = facilities;
  if (one === undefined || two === undefined) throw new Error('the town has fewer than two places');
  const { id } = await scenarioOf(server);
  await planner.page.locator('[name=step-op]').selectOption('close');
  await planner.page.locator('[name=step-id]').selectOption(one.id);
  await planner.page.getByRole('button', { name: '试算' }).first().click();
  await expect(planner.page.locator('.effects')).toBeVisible();
  expect(await server.edit(id, [{ do: 'append', step: { op: 'close', id: two.id } }])).toBe(200);
  expect(await server.undo(id)).toBe(200);
  expect(await server.edit(id, [{ do: 'append', step: { op: 'close', id: two.id, note: '别人' } }])).toBe(200);
  await planner.page.getByRole('button', { name: '加入方案' }).click();
  await expect(planner.page.locator('.scenario-bar [role=alert]')).toBeVisible();
  await expect(planner.page.locator('[name=step-id]')).toHaveValue(one.id);
  expect((await scenarioOf(server)).steps).toHaveLength(1);
});

test('the map fits a phone and a small screen with a scenario open', async ({ planner, server }) => {
  const { facilities } = await layer(server);
  expect(await server.post('/scenarios', { area: town, name: '手机', steps: [{ op: 'close', id: facilities[0]?.id }] })).toBe(200);
  const { id } = await scenarioOf(server);
  for (const [width, height] of [[1440, 900], [1280, 800], [390, 844]] as const) {
    await planner.page.setViewportSize({ width, height });
    await planner.opens(`${page}&scenario=${id}`);
    await expect(planner.page.locator('.effects')).toBeVisible();
    await planner.fitsTheScreen();
  }
});

test('on a phone the map comes before the forms, and the table after them', async ({ planner, server }) => {
  await planner.page.setViewportSize({ width: 390, height: 844 });
  const { facilities } = await layer(server);
  expect(await server.post('/scenarios', { area: town, name: '手机', steps: [{ op: 'close', id: facilities[0]?.id }] })).toBe(200);
  await planner.opens(`${page}&scenario=${(await scenarioOf(server)).id}`);
  await expect(planner.page.locator('.effects')).toBeVisible();
  const top = async (part: string) => (await planner.page.locator(part).first().boundingBox())?.y ?? NaN;
  await expect(planner.page.locator('.place-table')).toBeVisible();
  const tops = [await top('.readings'), await top('.map-frame'), await top('.scenario-effect'), await top('.scenario-bar'), await top('.step-form'), await top('.place-table')];
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  expect(tops[1], 'the map is in sight without scrolling').toBeLessThan(700);
});

test('who is too far away is told how many minutes and why', async ({ planner, server }) => {
  const { points } = await server.get<{ points: (Place & { verdict: string; metres: number | null })[] }>(`/layers/${fitness}/${town}`);
  const far = points.find(({ verdict, metres }) => verdict === 'fail' && metres !== null);
  const near = points.find(({ verdict }) => verdict === 'pass');
  if (far === undefined || far.metres === null || near === undefined) throw new Error('the town has nobody far from a place');
  await planner.opens(`${page}&selected=${far.id}`);
  const tip = planner.page.locator('.map-tip');
  // 80 m a minute, as the plan's measure is on foot.
  await expect(tip).toContainText(`约 ${Number((far.metres / 80).toFixed(1))} 分钟`);
  await expect(tip).toContainText(`超出 1,000 米的限值 ${Number((far.metres - 1000).toFixed(1)).toLocaleString('en')} 米`);
  await planner.opens(`${page}&selected=${near.id}`);
  await expect(tip).toContainText('分钟');
  await expect(tip).not.toContainText('未达标原因');
});

test('a click on the map tells the nearest two places, the minutes and the way, also where nobody lives', async ({ planner, server }) => {
  const { points } = await layer(server);
  const far = points.find(({ verdict }) => verdict === 'fail');
  if (far === undefined) throw new Error('the town has nobody far from a place');
  await planner.opens(`/indicator?area=${town}&indicator=${fitness}`);
  await expect(planner.page.locator('.map-frame')).toHaveAttribute('data-view', /./);
  const at = await pixelOf(planner, far);
  await planner.page.mouse.click(at.x, at.y);
  await expect(planner.page).toHaveURL(new RegExp(`selected=${encodeURIComponent(far.id)}`));
  interface Ways { ways: { facility: string; name: string; metres: number; minutes: number }[] }
  const { ways } = await server.get<Ways>(`/ways/${fitness}/${town}?point=${far.id}`);
  const card = planner.page.locator('.ways');
  await expect(card.locator('tbody tr')).toHaveCount(2);
  for (const [i, way] of ways.entries()) {
    await expect(card.locator('tbody tr').nth(i)).toContainText(way.name);
    await expect(card.locator('tbody tr').nth(i)).toContainText(Number(way.metres.toFixed(1)).toLocaleString('en'));
    await expect(card.locator('tbody tr').nth(i)).toContainText(String(Number(way.minutes.toFixed(1))));
  }
  await expect(card).toContainText('未达标');
  await planner.findsNoBarrier();
  // The link names it, and beside the houses the way is told too.
  await planner.page.reload();
  await expect(card.locator('tbody tr')).toHaveCount(2);
  await planner.page.mouse.click(at.x - 25, at.y + 25);
  await expect(planner.page).toHaveURL(/selected=%40106/);
  await expect(card.locator('tbody tr')).toHaveCount(2);
  // The keyboard asks at the cross.
  await planner.page.getByRole('application').focus();
  for (const key of ['+', '+', 'Enter']) await planner.page.keyboard.press(key);
  await expect(card.locator('tbody tr')).toHaveCount(2);
});

test('the way to the nearest place is the one that a scenario leads to', async ({ planner, server }) => {
  const { points } = await layer(server);
  const far = points.find(({ verdict }) => verdict === 'fail');
  if (far === undefined) throw new Error('the town has nobody far from a place');
  const add = { op: 'add', kind: 'sports_pitch', area: town, at: [far.lon, far.lat], name: '门口球场' };
  expect(await server.post('/scenarios', { area: town, name: '近处', steps: [add] })).toBe(200);
  const { id } = await scenarioOf(server);
  await planner.opens(`${page}&scenario=${id}&selected=${far.id}`);
  await expect(planner.page.locator('.ways tbody tr').first()).toContainText('门口球场');
  await planner.opens(`${page}&selected=${far.id}`);
  await expect(planner.page.locator('.ways tbody tr').first()).not.toContainText('门口球场');
});

test('a promise that has no map says so instead of showing another', async ({ planner }) => {
  await planner.opens(`/map?area=${town}&indicator=sport.ground_per_person`);
  await expect(planner.page.locator('main .warning')).toContainText('人均公共体育场地面积”不按居民点测算');
  await planner.opens(`/map?area=${town}&indicator=no.such`);
  await expect(planner.page.locator('main .warning')).toContainText('没有“no.such”这项承诺');
  await planner.opens(`/siting?area=${town}&indicator=no.such`);
  await expect(planner.page.locator('main .warning')).toContainText('没有“no.such”这项承诺');
});

test('a step off the streets is warned of in the language of the page', async ({ planner, server }) => {
  expect(await server.post('/scenarios', { area: town, name: '路外', steps: [{ op: 'add', kind: 'sports_pitch', area: town, at: [106.2, 38.5], name: '路外球场' }] })).toBe(200);
  const { id } = await scenarioOf(server);
  await planner.opens(`${page}&scenario=${id}`);
  await expect(planner.page.locator('.scenario-bar .warning')).toContainText('第 1 步：这个位置附近没有街道');
});

test('what a link selects and is not there is named, and a level that is none is left out', async ({ planner }) => {
  await planner.opens(`${page}&selected=nobody&level=street`);
  await expect(planner.page.locator('.map-card .warning')).toContainText('地图上没有“nobody”');
  await expect(planner.page.locator('.failure')).toHaveCount(0);
  await planner.opens(`${page}&scenario=nowhere`);
  await expect(planner.page.locator('.scenario-bar [role=alert]')).toContainText('没有这个方案');
});

test('a server that goes while a step is typed is said so, and what was typed stays', async ({ planner, server }) => {
  await planner.opens(page);
  await makesScenario(planner, '断线');
  await planner.page.locator('[name=step-name]').fill('新球场');
  await planner.page.locator('[name=step-lon]').fill('106.2345');
  await planner.page.locator('[name=step-lat]').fill('38.489');
  await server.stop();
  await planner.page.getByRole('button', { name: '加入方案' }).click();
  await expect(planner.page.locator('.scenario-bar [role=alert]')).toContainText('连不上服务器');
  await expect(planner.page.locator('[name=step-name]')).toHaveValue('新球场');
  await expect(planner.page.locator('[name=step-lon]')).toHaveValue('106.2345');
});
