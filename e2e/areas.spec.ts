import { expect, test, town } from './planner';

test.describe('in the whole region', () => {
  test.use({ extent: 'region' });

  test('an area is found among thousands by initials, pinyin, characters and code', async ({ planner, server }) => {
    test.setTimeout(180_000); // the first evaluation of the region takes seconds while other tests run
    await server.results('640000');
    await planner.opens('/?area=640000');
    const { areas } = await server.get<{ areas: unknown[] }>('/areas');
    expect(areas.length).toBeGreaterThan(3000);
    for (const [typed, code] of [['jfq', '640106'], ['xixia', '640105'], ['贺兰', '640122'], ['640181000000', '640181']] as const) {
      await planner.goesTo(typed);
      await expect(planner.page).toHaveURL(new RegExp(`area=${code}(&|$)`));
    }
    await expect(planner.page.getByRole('combobox', { name: '地区' })).toHaveValue('灵武市');
    const targets = (await server.results('640181')).filter((result) => result.chosen && result.target !== null && !['reported', 'not_applicable'].includes(result.state));
    await expect(planner.page.locator('.targets').first().locator('.row-main')).toHaveCount(targets.length);
    await planner.page.goBack();
    await expect(planner.page.getByRole('combobox', { name: '地区' })).toHaveValue('贺兰县');
  });
});

test('the area is chosen with the keyboard alone, and Escape changes nothing', async ({ planner, server }) => {
  await planner.opensScoreboard();
  const selector = planner.page.getByRole('combobox', { name: '地区' });
  await selector.focus();
  await expect(planner.page.locator('.area-options [role=option]')).toHaveText([/方格城/, /河西区/, /河东区/]);
  await selector.press('ArrowDown');
  await selector.press('Escape');
  await expect(selector).toHaveValue('方格城（示例）');
  await selector.press('ArrowDown');
  await selector.press('ArrowDown');
  await selector.press('ArrowDown');
  await selector.press('Enter');
  await expect(planner.page).toHaveURL(/area=990102/);
  const generated = (await server.results('990102')).filter((result) => result.chosen && result.target !== null && result.value !== null);
  await expect(planner.page.locator('.headline')).toContainText(`演示 ${generated.length}`);
});

test('what is not found is said, and the list has no barrier', async ({ planner }) => {
  await planner.opens(`/?area=${town}`);
  const selector = planner.page.getByRole('combobox', { name: '地区' });
  await selector.click();
  await selector.fill('西岸社区没有');
  await expect(planner.page.locator('.area-note')).toContainText('没有找到');
  await selector.fill('hx');
  await expect(planner.page.locator('.area-options [role=option]')).toHaveText([/河西区/]);
  await planner.findsNoBarrier();
});

test('large type is chosen once and stays', async ({ planner }) => {
  await planner.opensScoreboard();
  const size = () => planner.page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  const before = await size();
  await planner.page.getByRole('button', { name: '大字' }).click();
  expect(await size()).toBeGreaterThan(before * 1.2);
  await planner.page.reload();
  await expect(planner.page.getByRole('button', { name: '大字' })).toHaveAttribute('aria-pressed', 'true');
  expect(await size()).toBeGreaterThan(before * 1.2);
  await planner.findsNoBarrier();
  await planner.page.setViewportSize({ width: 390, height: 844 });
  await planner.fitsTheScreen();
});
