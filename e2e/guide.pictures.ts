import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './planner';

test.use({ extent: 'region' });

const folder = fileURLToPath(new URL('../docs/guide/pictures', import.meta.url));

const pictures = [
  { name: 'scoreboard', size: [1440, 900], href: '/?area=640106' },
  { name: 'scoreboard-phone', size: [390, 844], href: '/?area=640106' },
  { name: 'indicator', size: [1280, 800], href: '/indicator?area=640000&indicator=elder.nursing_bed_share&variant=computed' },
  { name: 'streets', size: [1280, 800], href: '/map?area=640106&indicator=sport.fitness_10min&layer=streets' },
  { name: 'ledger', size: [1280, 800], href: '/ledger?area=640106' },
  { name: 'map-phone', size: [390, 844], href: '/map?area=640106&indicator=sport.fitness_10min' },
  { name: 'plans', size: [1280, 800], href: '/admin?area=640106&tab=plans' },
  { name: 'registry', size: [1440, 900], href: '/registry?area=640104&kind=elder_home&row=640104-2131' },
  { name: 'registry-phone', size: [390, 844], href: '/registry?area=640104&kind=elder_home' },
] as const;

test('the pictures of the guide', async ({ planner, server }) => {
  const { page } = planner;
  const session = await page.context().newCDPSession(page);
  const take = async (name: string) => {
    await page.waitForTimeout(1500); // for the streets to settle
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 50 });
    writeFileSync(`${folder}/${name}.webp`, Buffer.from(data, 'base64'));
  };
  await server.results('640000'); // the first evaluation takes seconds
  for (const { name, size: [width, height], href } of pictures) {
    await page.setViewportSize({ width, height });
    await planner.opens(href);
    await expect(page.locator('.loading')).toHaveCount(0);
    await take(name);
  }
  const list = ['编号,单位名称,设施类别,区划代码,地址经度,地址纬度,床位', 'n1,夕阳红养老院,养老机构,640104008010,106.281,38.471,120', 'n2,晚晴养老院,养老院,640104008010,106.284,38.473,很多'];
  await page.setViewportSize({ width: 1280, height: 800 });
  await planner.opens('/import?area=640104');
  await page.locator('[name=file]').setInputFiles({ name: '养老机构.csv', mimeType: 'text/csv', buffer: Buffer.from(list.join('\n')) });
  await page.getByLabel('GCJ-02').check();
  await expect(page.locator('.preview')).toBeVisible();
  await take('import');
  await page.setViewportSize({ width: 1440, height: 900 });
  await planner.opens('/siting?area=640106&indicator=sport.fitness_10min');
  await page.getByRole('button', { name: '开始选址' }).click();
  await expect(page.locator('.portfolio')).toBeVisible({ timeout: 60_000 });
  await page.evaluate(() => { window.scrollTo(0, 0); });
  await take('siting');
  await page.getByRole('button', { name: '存为方案' }).first().click();
  await page.getByRole('link', { name: '在地图上打开' }).first().click();
  await expect(page.locator('.scenario-effect table').first()).toBeVisible({ timeout: 60_000 });
  await page.evaluate(() => { window.scrollTo(0, 0); });
  await take('scenario');
});
