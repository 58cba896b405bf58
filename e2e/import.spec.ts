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
  await expect(page.locator('.preview')).toContainText('4 行:新增 1 · 修改 1 · 无变化 0 · 退回 2');
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
  await expect(page.locator('.field-error')).toContainText('文件有 200 MB,最大 64 MB');
  expect(await server.seq()).toBe(1);
});
