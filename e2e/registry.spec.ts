import { expect, test, town } from './planner';

const rows = `/registers/facility/rows`;
const pitch = 'town/P';
const row = `${rows}/${encodeURIComponent(pitch)}?area=${town}`;

interface Row {
  row: { name: string; fields: Record<string, unknown> } | null;
  history: { seq: number; changed: { field: string; before: unknown; after: unknown }[] }[];
}

test('a row is found by initials, corrected, and its history says who changed what', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/registry?area=${town}`);
  await expect(page.locator('.rows tbody th')).toHaveCount(4);
  await page.locator('[name=find]').fill('xasq');
  await expect(page.locator('.rows tbody th')).toHaveText(['西岸社区球场']);
  await expect(page).toHaveURL(/find=xasq/);
  await page.getByRole('link', { name: '西岸社区球场' }).click();
  const form = page.locator('.row-form');
  await form.locator('[name=add-field]').selectOption('ground_area');
  await form.locator('[name=ground_area]').fill('六百');
  await form.getByRole('button', { name: '保存' }).click();
  await expect(form.locator('.field-error')).toContainText('六百');
  await page.reload();
  await expect(form.locator('[name=ground_area]')).toHaveValue('六百');
  await form.locator('[name=ground_area]').fill('600');
  await form.getByRole('button', { name: '保存' }).click();
  await planner.seesSaved();
  await expect(page.locator('.history')).toContainText('场地面积：— → 600');
  const held = await server.get<Row>(row);
  expect(held.row?.fields['ground_area']).toBe(600);
  expect(held.history[0]?.changed).toEqual([{ field: 'ground_area', before: null, after: 600 }]);
  await page.locator('.history').getByRole('button', { name: '撤销' }).click();
  await expect(page.locator('.notice')).toContainText('已撤销');
  expect((await server.get<Row>(row)).row?.fields['ground_area']).toBeUndefined();
});

test('a row that is taken out moves the promises that rest on it, and comes back', async ({ planner, server }) => {
  const { page } = planner;
  const fitness = 'sport.fitness_10min';
  await planner.opens(`/registry?area=${town}&row=${encodeURIComponent(pitch)}`);
  await page.getByRole('button', { name: '撤去这一行' }).click();
  await expect(page.locator('.notice')).toContainText('1.1.7');
  await expect(page.locator('.row-panel .warning')).toContainText('已被撤去');
  expect((await server.result(town, fitness)).value).toBeLessThan(94);
  expect((await server.get<{ total: number }>(`${rows}?area=${town}`)).total).toBe(3);
  await planner.undoesLatest();
  await expect(page.locator('.notice')).toContainText('已撤销');
  expect((await server.result(town, fitness)).value).toBe(94);
});

test('rows are filtered by kind and ordered, and the link says so', async ({ planner }) => {
  const { page } = planner;
  await planner.opens(`/registry?area=${town}`);
  await page.getByRole('button', { name: '名称' }).click();
  await page.getByRole('button', { name: '名称' }).click();
  await expect(page).toHaveURL(/sort=-name/);
  // The link changes at once, the rows when the server has answered.
  await expect(async () => {
    const names = await page.locator('.rows tbody th').allTextContents();
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual(names.toSorted().toReversed());
  }).toPass({ timeout: 10_000 });
  await page.locator('[name=kind]').selectOption('running_track');
  await page.reload();
  await expect(page.locator('.rows tbody th')).toHaveText(['滨河跑道']);
  await page.locator('[name=register]').selectOption('organisation');
  await expect(page.locator('main')).toContainText('还没有任何记录');
});

test('two rows on one spot are asked about, and one is taken out', async ({ planner, server }) => {
  const { page } = planner;
  const { facilities } = await server.get<{ facilities: { id: string; lon: number; lat: number }[] }>(`/layers/sport.fitness_10min/${town}`);
  const at = facilities.find(({ id }) => id === pitch);
  const twin = { area: '990101', kind: 'sports_pitch', name: '西岸 社区球场', lon: at?.lon, lat: at?.lat, public: true, source: '抄录', provenance: 'real' };
  expect(await server.post('/facilities', twin)).toBe(200);
  await planner.opens(`/registry?area=${town}&tab=duplicates`);
  const pair = page.locator('.duplicates > ul > li');
  await expect(pair).toHaveCount(1);
  await expect(pair).toContainText('同县同名');
  await expect(pair).toContainText('相距 0 米');
  await planner.findsNoBarrier();
  await pair.locator('.side').filter({ hasText: '抄录' }).getByRole('button').click();
  await planner.seesSaved();
  await expect(page.locator('.duplicates')).toContainText('没有疑似重复');
  expect((await server.get<{ total: number }>(`/registers/facility/duplicates?area=${town}`)).total).toBe(0);
  expect((await server.get<Row>(row)).row?.name).toBe('西岸社区球场');
});

test.describe('in the whole region', () => {
  test.use({ extent: 'region' });

  test('28,000 rows scroll, and only what is in sight is drawn', async ({ planner, server }) => {
    test.setTimeout(180_000);
    const { page } = planner;
    await planner.opens('/registry?area=640000');
    const { total } = await server.get<{ total: number }>(`${rows}?area=640000&limit=1`);
    expect(total).toBeGreaterThan(20_000);
    await expect(page.locator('.rows')).toHaveAttribute('aria-rowcount', String(total + 1));
    await page.locator('.rows-scroll').evaluate((list) => { list.scrollTop = list.scrollHeight; });
    const { rows: last } = await server.get<{ rows: { id: string }[] }>(`${rows}?area=640000&offset=${total - 1}`);
    await expect(page.locator('.rows tbody th').last()).toContainText(last[0]?.id ?? 'none');
    expect(await page.locator('.rows tbody tr').count()).toBeLessThan(120);
  });
});

test('a server that goes while a row is corrected is said so, and what was typed stays', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/registry?area=${town}&row=town%2FP`);
  const name = page.locator('.row-form [name=name]');
  await name.fill('西岸新名');
  await server.stop();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.locator('.row-form .form-error')).toContainText('连不上服务器');
  await expect(name).toHaveValue('西岸新名');
});

test('what is saved is not called refused when its effect cannot be read', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/registry?area=${town}&row=town%2FP`);
  await page.locator('.row-form [name=name]').fill('西岸新名');
  await page.route('**/api/v1/results?*', (route) => route.abort());
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.locator('.notice')).toContainText('已保存');
  await expect(page.locator('.notice')).toContainText('还没有重新读到');
  await expect(page.locator('.row-form .form-error')).toHaveCount(0);
  expect(await server.seq()).toBe(2);
});
