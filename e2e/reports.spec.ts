import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Download } from '@playwright/test';
import { expect, test, town, type Planner } from './planner';

/** Asks for a report in a form and returns the file that is saved. */
async function handedOver(planner: Planner, title: string, form: string): Promise<{ name: string; content: Buffer }> {
  const { page } = planner;
  const group = page.getByRole('group', { name: title });
  const saved = page.waitForEvent('download', { timeout: 60_000 });
  await group.getByRole('button', { name: form, exact: true }).click();
  const download: Download = await saved;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** The text of one file in a zip. */
function inZip(zip: Buffer, wanted: string): string {
  let at = zip.readUInt32LE(zip.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [packed, name, extra, comment, head] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    if (zip.toString('utf8', at + 46, at + 46 + name) === wanted) {
      const from = head + 30 + zip.readUInt16LE(head + 26) + zip.readUInt16LE(head + 28);
      return inflateRawSync(zip.subarray(from, from + packed)).toString('utf8');
    }
    at += 46 + name + extra + comment;
  }
  throw new Error(`no ${wanted} in the file`);
}

test('the scoreboard is handed over as a table, a spreadsheet and one page, with the numbers that the server holds', async ({ planner, server }) => {
  await planner.opensScoreboard();
  const { value } = await server.result(town, 'sport.fitness_10min');
  expect(value).toBe(94);
  const csv = await handedOver(planner, '下载目标总览', 'CSV');
  expect(csv.name).toBe('目标总览 · 方格城（示例）.csv');
  const rows = csv.content.toString('utf8').replace('\uFEFF', '').split('\r\n').map((line) => line.split(','));
  const column = (heading: string) => rows[0]?.indexOf(heading) ?? -1;
  const row = rows.find((cells) => cells[0] === '1.1.7');
  expect(row?.[column('数值')]).toBe('94');
  expect(row?.[column('目标')]).toBe('95');
  expect(row?.[column('数据性质')]).toBe('演示');

  const xlsx = await handedOver(planner, '下载目标总览', 'XLSX');
  expect(inZip(xlsx.content, 'xl/workbook.xml')).toContain('name="目标"');
  expect(inZip(xlsx.content, 'xl/worksheets/sheet1.xml')).toContain('<v>94</v>');
  const pdf = await handedOver(planner, '下载目标总览', 'PDF');
  expect(pdf.name).toBe('目标总览 · 方格城（示例）.pdf');
  expect(pdf.content.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
  await planner.findsNoBarrier();
});

test('one promise is handed over with its areas and what lacks', async ({ planner }) => {
  await planner.opensPromise('sport.fitness_10min', '&lang=en');
  const word = await handedOver(planner, 'Download this promise', 'Word');
  const text = inZip(word.content, 'word/document.xml').replaceAll(/<[^>]*>/g, ' ');
  expect(text).toContain('value 94 %');
  expect(text).toContain('East bank');
  expect(inZip(word.content, 'word/media/map1.png').length).toBeGreaterThan(100);
});

test('the annual report is handed over in the order of the clauses; a server that is gone is told, and called off', async ({ planner, server }) => {
  await planner.opens(`/ledger?area=${town}`);
  const report = await handedOver(planner, '下载年度报告', 'Word');
  expect(report.name).toMatch(/^方格城（示例）《.+》2025年度落实情况报告\.docx$/);
  const text = inZip(report.content, 'word/document.xml').replaceAll(/<[^>]*>/g, '');
  const plan = await server.get<{ clauses: { id: string; heading: boolean }[] }>('/plan');
  let at = 0;
  for (const { id } of plan.clauses.filter(({ heading }) => !heading)) {
    at = text.indexOf(`（条款${id}）`, at);
    expect(at, `clause ${id}, in its order`).toBeGreaterThan(0);
  }
  expect(text).toContain('演示数据');
  await planner.findsNoBarrier();
  await planner.isEasyToHit();

  // A report that takes long is called off, and the buttons are there again.
  await planner.page.route('**/api/v1/reports/**', () => undefined);
  const group = planner.page.getByRole('group', { name: '下载年度报告' });
  await group.getByRole('button', { name: 'PDF' }).click();
  await expect(group.getByRole('status')).toContainText('正在生成 PDF');
  await group.getByRole('button', { name: '取消' }).click();
  await expect(group.getByRole('button', { name: 'PDF' })).toBeEnabled();
  await planner.page.unroute('**/api/v1/reports/**');
  await planner.page.route('**/api/v1/reports/**', (route) => route.abort());
  await group.getByRole('button', { name: 'HTML' }).click();
  await expect(group.getByRole('alert')).toContainText('连不上服务器');
});
