import { readFileSync } from 'node:fs';
import { expect, test, town } from './planner';

// Two good rows, one that changes a place, one with a broken number and one of no kind.
const list = [
  '编号,单位名称,设施类别,区划代码,地址经度,地址纬度,场地面积,备注',
  'n1,新球场,笼式球场,990101,106.2201,38.4851,600,好',
  'n2,坏球场,sports_pitch,990101,106.2203,38.4852,很大,',
  'town/P,西岸社区球场,sports_pitch,990101,106.2196599,38.4853959,800,',
  'n3,又一处,casino,990101,106.2204,38.4853,,',
].join('\n');

test('a broken list is repaired, taken in as one change, and taken back', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/registry?area=${town}`);
  await page.getByRole('link', { name: '导入名单' }).click();
  await page.locator('[name=file]').setInputFiles({ name: '球场.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await expect(page.locator('.column-map')).toContainText('地址经度');
  await expect(page.locator('.column-map tr').filter({ hasText: '地址经度' })).toContainText('推测');
  await expect(page.locator('.import [role=alert]')).toContainText('请选择坐标系');
  await page.getByLabel('WGS-84').check();
  await expect(page.locator('.preview')).toContainText('4 行：新增 1 · 修改 1 · 无变化 0 · 退回 2');
  await page.getByLabel('场地面积').selectOption('ground_area');
  await expect(page.locator('.preview')).toContainText('新增 0 · 修改 1 · 无变化 0 · 退回 3');
  const faulty = (row: number) => page.locator('.faulty > li').filter({ hasText: `第 ${row} 行` });
  await faulty(2).locator('input').fill('球场');
  await faulty(2).locator('input').press('Enter');
  await expect(faulty(2)).toHaveCount(0);
  await faulty(3).locator('input').fill('700');
  await faulty(3).locator('input').press('Enter');
  await expect(page.locator('.preview')).toContainText('新增 2 · 修改 1 · 无变化 0 · 退回 1');
  await page.reload();
  await expect(page.locator('.preview')).toContainText('新增 2 · 修改 1 · 无变化 0 · 退回 1');
  await expect(page.locator('.preview')).toContainText('疑似重复');
  await planner.findsNoBarrier();
  const before = await server.seq();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /下载退回的 1 行/ }).click();
  expect(readFileSync(await (await download).path()).subarray(0, 2).toString()).toBe('PK');
  await page.getByRole('button', { name: '导入 3 行' }).click();
  await expect(page.locator('.import .notice')).toContainText('已导入 3 行');
  expect(await server.seq()).toBe(before + 1);
  const held = async () => (await server.get<{ rows: { id: string; fields: Record<string, unknown>; source: string }[] }>(`/registers/facility/rows?area=${town}`)).rows;
  const rows = await held();
  expect(rows.find(({ id }) => id === 'n2')).toMatchObject({ fields: { ground_area: 700 }, source: '球场.csv' });
  // What the list has no column for stays as it was.
  expect(rows.find(({ id }) => id === 'town/P')?.fields).toEqual({ ground_area: 800, public: true });
  expect(rows.some(({ id }) => id === 'n3')).toBe(false);
  await planner.undoesLatest();
  await expect(page.locator('.notice')).toContainText('已撤销');
  expect((await held()).map(({ id }) => id)).toEqual(['town/F', 'town/G', 'town/P', 'town/T']);
});

test('a list of 200 MB is refused before it is sent', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/import?area=${town}`);
  await expect(page.locator('.field-hint')).toContainText('64 MB');
  await page.locator('[name=file]').evaluate((input) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(200 * 1024 * 1024)], '很大.csv'));
    (input as HTMLInputElement).files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(page.locator('.field-error')).toContainText('文件有 200 MB，最大 64 MB');
  expect(await server.seq()).toBe(1);
});

test('a file that is empty, cut off or renamed says what it is', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/import?area=${town}`);
  const file = page.locator('[name=file]');
  await file.setInputFiles({ name: '空.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) });
  await expect(page.locator('.field-error')).toContainText('文件是空的');
  await file.setInputFiles({ name: '半.xlsx', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004\u0014\u0000') });
  await expect(page.locator('.failure')).toContainText('表格读不出来');
  await page.getByRole('button', { name: '换一个文件' }).click();
  await file.setInputFiles({ name: '半.csv', mimeType: 'text/csv', buffer: Buffer.from('PK\u0003\u0004\u0014\u0000') });
  await expect(page.locator('.failure')).toContainText('表格读不出来');
  await planner.opens(`/import?area=${town}&register=nowhere`);
  await expect(page.locator('.empty')).toContainText('没有名录“nowhere”');
  expect(await server.seq()).toBe(1);
});

test('one broken polygon of a map is refused by its row, and mended in place', async ({ planner, server }) => {
  const { page } = planner;
  const feature = (id: string, geometry: unknown) => ({ type: 'Feature', properties: { id, kind: 'sports_pitch', area: '990101' }, geometry });
  const features = ['g1', 'g2', 'g3', 'g4'].map((id, i) => feature(id, { type: 'Point', coordinates: [106.22 + i / 10_000, 38.485] }));
  features.push(feature('g5', { type: 'Polygon', coordinates: [[[106.22, 38.485], [106.221, 38.485]]] }));
  await planner.opens(`/import?area=${town}`);
  await page.locator('[name=file]').setInputFiles({ name: '球场.geojson', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })) });
  await page.getByLabel('WGS-84').check();
  await expect(page.locator('.preview')).toContainText('5 行：新增 4 · 修改 0 · 无变化 0 · 退回 1');
  await expect(page.getByLabel('lon 第 6 行')).toHaveValue(/a ring needs four positions/);
  for (const [heading, degrees] of [['lon', '106.2206'], ['lat', '38.4851']] as const) {
    const cell = page.getByLabel(`${heading} 第 6 行`);
    await cell.fill(degrees);
    await cell.press('Enter');
    await expect(cell).toHaveCount(0);
  }
  await expect(page.locator('.preview')).toContainText('5 行：新增 5 · 修改 0 · 无变化 0 · 退回 0');
  await page.getByRole('button', { name: '导入 5 行' }).click();
  await expect(page.locator('.import .notice')).toContainText('已导入 5 行');
  expect(await server.seq()).toBe(2);
  // The log names three of them and counts the rest.
  await planner.opens(`/changes?area=${town}`);
  await expect(page.locator('.changes tbody tr').first()).toContainText('等 5 项');
});
