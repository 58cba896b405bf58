// Areas coloured by how far they keep a promise.

import { expect, test } from './planner';

const fitness = 'sport.fitness_10min';

test.use({ extent: 'region' });
test.setTimeout(180_000); // the first evaluation of the region takes seconds while other tests run

test('the areas below are coloured by their values; a click opens one, and the table says the same', async ({ planner, server }) => {
  await planner.opens(`/indicator?area=640000&indicator=${fitness}`);
  await planner.page.getByRole('navigation', { name: '地图图层' }).getByRole('link', { name: '地区' }).click();
  await planner.page.locator('[name=level]').selectOption('county');
  await expect(planner.page).toHaveURL(/layer=areas.*level=county|level=county.*layer=areas/);
  const { results } = await server.get<{ results: { area: string; value: number | null; target: number }[] }>(`/rankings/${fitness}/640000?level=county`);
  expect(results).toHaveLength(22);
  // Every county is in one class of the legend, those that keep the promise in one of theirs.
  const entries = planner.page.locator('.area-legend li');
  await expect(entries.first()).toBeVisible();
  const counted = await entries.evaluateAll((lines) => lines.map((line) => ({ met: line.textContent.includes('（达标）'), areas: Number(/(\d+) 个地区/.exec(line.textContent)?.[1]) })));
  expect(counted.reduce((sum, { areas }) => sum + areas, 0)).toBe(22);
  const met = results.filter(({ value, target }) => value !== null && value >= target).length;
  expect(counted.filter((entry) => entry.met).reduce((sum, { areas }) => sum + areas, 0)).toBe(met);
  await expect(planner.page.locator('.detail-side table.plain tbody tr')).toHaveCount(22);
  // The demonstration draws no boundaries, and says so.
  await expect(planner.page.locator('.map-card')).toContainText('不是行政区划界线');
  await planner.findsNoBarrier();
  const frame = planner.page.locator('.map-frame');
  const box = await frame.boundingBox();
  if (box === null) throw new Error('there is no map');
  await planner.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const name = await planner.page.locator('.map-tip b').innerText();
  await planner.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(planner.page).toHaveURL(/area=64\d{4}(?!\d)/);
  await expect(planner.page.getByRole('combobox', { name: '地区' })).toHaveValue(name);
  await planner.page.goBack();
  await expect(planner.page).toHaveURL(/area=640000/);
});

test('what is counted by areas has a map of them, also on a phone', async ({ planner }) => {
  await planner.page.setViewportSize({ width: 390, height: 844 });
  await planner.opens('/indicator?area=640000&indicator=edu.special_school');
  await expect(planner.page.locator('.area-legend')).toContainText('未达标');
  await expect(planner.page.locator('.map-frame')).toBeVisible();
  await planner.fitsTheScreen();
  await planner.isEasyToHit();
  await planner.findsNoBarrier();
});
