import { expect, test, town } from './planner';

const fitness = 'sport.fitness_10min';

test('the headline counts nothing that rests on generated figures', async ({ planner, server }) => {
  await planner.opensScoreboard();
  const targets = (await server.results(town)).filter((result) => result.chosen && result.target !== null);
  const generated = targets.filter((result) => result.provenance === 'generated' && result.value !== null);
  expect(generated.length).toBeGreaterThan(0);
  await expect(planner.page.locator('.headline')).toContainText('0 已达成');
  await expect(planner.page.locator('.headline')).toContainText(`演示 ${generated.length}`);
  await expect(planner.page.locator('.banner')).toContainText('演示数据');
});

test('what is red and why', async ({ planner, server }) => {
  await planner.opensScoreboard();
  await expect(planner.row('1.1.7')).toContainText('94');
  await planner.chooses('1.1.7');
  await planner.asksWhy();
  // 9,400 of 10,000 people live within 1,000 m; 95 % are 9,500.
  await expect(planner.page.locator('.smallest')).toContainText('100 人');
  await expect(planner.page.locator('.why-tree')).toContainText('9,400');
  const tree = await server.get<{ smallest_change: { amount: number } }>(`/explanations/${fitness}/${town}`);
  expect(tree.smallest_change.amount).toBe(100);
});

test('the other reading of the text stands below and has its own map', async ({ planner }) => {
  await planner.opensPromise(fitness);
  await planner.page.getByRole('navigation', { name: '口径' }).getByRole('link', { name: '步行800米' }).click();
  await expect(planner.figure).toHaveText('57');
  await expect(planner.page.locator('.legend')).toContainText('400–800 米');
});

test('a value is reported, seen at once, and taken back', async ({ planner, server }) => {
  const indicator = 'sport.ground_per_person';
  await planner.opensPromise(indicator);
  await planner.enters('公共体育场地面积');
  await planner.reports({ value: '30000', source: '体育局 2025 年报' });
  await planner.seesSaved();
  await planner.enters('常住人口');
  await planner.reports({ value: '10000', source: '统计局 2025 年报' });
  await expect(planner.figure).toHaveText('3');
  expect((await server.result(town, indicator)).value).toBe(3);
  await planner.undoesLatest();
  await expect(planner.page.locator('.notice')).toContainText('已撤销');
  expect((await server.result(town, indicator)).value).toBeNull();
  expect(await server.values('resident_population', town)).toEqual([]);
});

test('a refused value changes nothing and loses nothing typed', async ({ planner, server }) => {
  await planner.opensPromise('sport.ground_per_person');
  const before = await server.seq();
  await planner.enters('公共体育场地面积');
  await planner.reports({ value: '三万', source: '体育局' });
  const value = planner.page.locator('.element-panel [name=value]');
  await expect(planner.page.locator('.field-error')).toContainText('三万');
  await expect(value).toHaveValue('三万');
  await expect(value).toHaveAttribute('aria-invalid', 'true');
  expect(await server.seq()).toBe(before);
  await planner.page.reload();
  await expect(value).toHaveValue('三万');
  await planner.reports({ value: '30000', source: '体育局' });
  await planner.seesSaved();
  expect(await server.values('public_sports_ground', town)).toMatchObject([{ value: '30000' }]);
});

test('of two sources one is chosen, with a reason', async ({ planner, server }) => {
  await planner.opensPromise('sport.ground_per_person');
  await planner.enters('公共体育场地面积');
  await planner.reports({ value: '30000', source: '体育局' });
  await planner.seesSaved();
  await planner.reports({ value: '31000', source: '统计局' });
  await expect(planner.page.locator('.field-error')).toContainText('理由');
  await planner.reports({ value: '31000', source: '统计局', reason: '口径一致' });
  await expect(planner.page.locator('.element-panel table')).toContainText('口径一致');
  const values = await server.values('public_sports_ground', town);
  expect(values.find((value) => value.counts)?.source).toBe('统计局');
  expect(values).toHaveLength(2);
});

test('a place is tried without changing anything, kept, and taken back', async ({ planner, server }) => {
  await planner.opens(`/map?area=${town}&indicator=${fitness}`);
  const before = await server.seq();
  const { facilities } = await server.get<{ facilities: { lon: number; lat: number; name: string }[] }>(`/layers/${fitness}/${town}`);
  const members = (await server.get<{ points: { lon: number; lat: number; metres: number | null; people: number }[] }>(`/layers/${fitness}/${town}`)).points
    .filter((point) => (point.metres ?? 0) > 1000);
  expect(members.reduce((people, point) => people + point.people, 0)).toBe(600);
  const far = members[0];
  if (far === undefined) throw new Error('nobody lives too far');
  await planner.triesPlace({ name: '新球场', lon: String(far.lon), lat: String(far.lat) });
  const effects = planner.page.locator('.effects');
  await expect(effects).toContainText('1.1.7');
  await expect(effects).toContainText('新增达标');
  expect(await server.seq()).toBe(before);
  await effects.getByRole('button', { name: '保留这处设施' }).click();
  await planner.seesSaved();
  const kept = await server.get<{ facilities: { name: string }[] }>(`/layers/${fitness}/${town}`);
  expect(kept.facilities.map(({ name }) => name)).toContain('新球场');
  expect((await server.result(town, fitness)).value).toBeGreaterThan(94);
  await planner.undoesLatest();
  await expect(planner.page.locator('.notice')).toContainText('已撤销');
  expect((await server.result(town, fitness)).value).toBe(94);
  expect((await server.get<{ facilities: unknown[] }>(`/layers/${fitness}/${town}`)).facilities).toHaveLength(facilities.length);
});

test('a place is chosen on the map with the keyboard alone', async ({ planner, server }) => {
  await planner.opens(`/map?area=${town}&indicator=${fitness}`);
  const before = await server.seq();
  await planner.page.getByRole('button', { name: '在地图上点选位置' }).press('Enter');
  await planner.page.getByRole('application').focus();
  for (const key of ['+', 'ArrowRight', 'ArrowUp', 'Enter']) await planner.page.keyboard.press(key);
  await expect(planner.page.locator('.try-place [name=lon]')).not.toHaveValue('');
  await expect(planner.page.locator('.effects')).toBeVisible();
  expect(await server.seq()).toBe(before);
});

test('the table is filtered by words and state, and the link says so', async ({ planner }) => {
  await planner.opensScoreboard();
  await planner.page.locator('[name=words]').fill('1.1.7 健身');
  await expect(planner.page.locator('.targets .row-main')).toHaveCount(1);
  await expect(planner.page).toHaveURL(/words=/);
  await planner.page.reload();
  await expect(planner.page.locator('.targets .row-main')).toHaveCount(1);
  await planner.page.locator('[name=words]').fill('没有这样的承诺');
  await expect(planner.page.locator('main')).toContainText('没有符合条件的承诺');
});

test('the ledger holds every clause in its order, with what carries it', async ({ planner, server }) => {
  await planner.opens(`/ledger?area=${town}`);
  const plan = await server.get<{ clauses: { id: string; heading: boolean; owner: { zh: string } }[] }>('/plan');
  const clauses = plan.clauses.filter(({ heading }) => !heading);
  await expect(planner.page.locator('.headline')).toContainText(`${clauses.length} 条条款`);
  await expect(planner.page.locator('.ledger tbody td:first-child')).toHaveText(plan.clauses.map(({ id }) => id));
  const sport = clauses.find(({ id }) => id === '1.1.7')?.owner.zh ?? '';
  await planner.page.locator('[name=owner]').selectOption(sport);
  const theirs = clauses.filter(({ owner }) => owner.zh === sport);
  expect(theirs.length).toBeGreaterThan(2);
  expect(theirs.length).toBeLessThan(clauses.length);
  await expect(planner.page.locator('.ledger tbody tr')).toHaveCount(theirs.length);
  await planner.page.locator('.ledger tr').filter({ hasText: '1.1.7' }).locator('.standing').first().click();
  await expect(planner.page.locator('.readings')).toContainText('1.1.7');
});

test('a link shows another reader the same, and back goes back', async ({ planner, server, context }) => {
  await planner.opensScoreboard();
  await planner.chooses('1.1.6');
  await expect(planner.page.locator('.readings')).toContainText('1.1.6');
  await planner.page.getByRole('navigation', { name: '功能' }).getByRole('link', { name: '指标' }).click();
  await expect(planner.page).toHaveURL(/\/indicator\?/);
  const other = await context.newPage();
  await other.goto(planner.page.url());
  await expect(other.locator('.readings')).toContainText('1.1.6');
  expect((await server.result(town, 'sport.ground_per_person')).state).toBe('no_data');
  await planner.page.goBack();
  await expect(planner.row('1.1.7')).toBeVisible();
  await planner.page.goBack();
  await expect(planner.page.locator('.readings')).toContainText('1.1.7');
});

test('unknown ids in a link are named, not guessed', async ({ planner }) => {
  await planner.opens('/?area=123456');
  await expect(planner.page.locator('.failure')).toContainText('没有这个地区');
  await planner.opens(`/nowhere?area=${town}`);
  await expect(planner.page.locator('main')).toContainText('没有这个页面');
  await planner.page.getByRole('link', { name: '目标总览' }).last().click();
  await expect(planner.page.locator('.targets').first()).toBeVisible();
});

test('a server that is gone is said so, and what was read stays', async ({ planner, server }) => {
  await planner.opensPromise('sport.ground_per_person');
  await planner.enters('公共体育场地面积');
  await server.stop();
  await planner.reports({ value: '30000', source: '体育局' });
  await expect(planner.page.locator('.form-error')).toContainText('连不上服务器');
  await expect(planner.page.locator('.element-panel [name=value]')).toHaveValue('30000');
});

test('a change that somebody overtook is not undone', async ({ planner, server }) => {
  await planner.opensPromise('sport.ground_per_person');
  await planner.enters('公共体育场地面积');
  await planner.reports({ value: '30000', source: '体育局' });
  await planner.seesSaved();
  const mine = await server.seq();
  await planner.reports({ value: '32000', source: '体育局' });
  await expect.poll(() => server.seq()).toBe(mine + 1);
  expect(await server.post(`/changes/${mine}/undo`)).toBe(409);
  expect(await server.values('public_sports_ground', town)).toMatchObject([{ value: '32000' }]);
});

test('the same in English', async ({ planner }) => {
  await planner.opensScoreboard();
  await planner.page.locator('[name=lang]').selectOption('en');
  await expect(planner.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(planner.page.locator('.headline')).toContainText('targets: 0 achieved');
  const texts = await planner.page.locator('main').innerText();
  const han = texts.split('\n').filter((line) => /\p{Script=Han}/u.test(line));
  expect(han).toEqual([]);
  await expect(planner.page.locator('.map-foot')).toContainText('drawn by hand');
  await planner.page.locator('[name=lang]').selectOption('zh-CN');
  await expect(planner.page.locator('.map-foot')).toContainText('手绘示例');
  await expect(planner.page.locator('.map-foot')).not.toContainText('drawn by hand');
});

const screens = ['/', '/ledger', '/registry', '/import', `/siting?indicator=${fitness}`, '/admin?tab=networks', `/registry?row=town%2FP`, `/indicator?indicator=${fitness}`, `/map?indicator=${fitness}`, '/changes'];

for (const screen of screens) {
  const href = (more: string) => `${screen}${screen.includes('?') ? '&' : '?'}area=${town}${more}`;

  test(`no barrier on ${screen}`, async ({ planner }) => {
    for (const language of ['', '&lang=en']) {
      await planner.opens(href(language));
      await planner.findsNoBarrier();
    }
  });

  test(`${screen} fits a phone, a small screen and large type`, async ({ planner }) => {
    for (const [width, height] of [[1440, 900], [1280, 800], [390, 844], [320, 640]] as const) {
      await planner.page.setViewportSize({ width, height });
      await planner.opens(href('&lang=en'));
      await planner.fitsTheScreen();
    }
    await planner.page.setViewportSize({ width: 390, height: 844 });
    await planner.findsNoBarrier();
  });
}

test('every target is in sight without scrolling at 1440 × 900', async ({ planner, server }) => {
  await planner.opensScoreboard();
  const apart = new Set(['reported', 'not_applicable']);
  const targets = (await server.results(town)).filter((result) => result.chosen && result.target !== null && !apart.has(result.state));
  const rows = planner.page.locator('.targets').first().locator('.row-main');
  await expect(rows).toHaveCount(targets.length);
  const box = await rows.last().boundingBox();
  expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(900);
});

test('promises are read in full beside the selected one, also in English', async ({ planner }) => {
  for (const [width, height] of [[1440, 900], [1280, 800]] as const) {
    for (const language of ['', '&lang=en']) {
      await planner.page.setViewportSize({ width, height });
      await planner.opens(`/?area=${town}${language}`);
      const table = planner.page.locator('.targets').first();
      const [frame, column] = [await table.boundingBox(), await planner.page.locator('.column-left').boundingBox()];
      expect(frame?.width).toBeLessThanOrEqual(column?.width ?? 0);
      const cut = await table.locator('th, td').evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent));
      expect(cut).toEqual([]);
      const narrowest = await table.locator('tbody .col-name').evaluateAll((cells) => Math.min(...cells.map((cell) => cell.clientWidth)));
      expect(narrowest).toBeGreaterThan(120);
    }
  }
});

test('whatever is pressed is large enough, on a screen and on a phone', async ({ planner }) => {
  for (const [width, height] of [[1280, 800], [390, 844]] as const) {
    await planner.page.setViewportSize({ width, height });
    for (const screen of ['', 'indicator', 'ledger', 'map', 'siting', 'registry', 'import', 'changes', 'admin']) {
      await planner.opens(`/${screen}?area=${town}&indicator=sport.fitness_10min`);
      await planner.isEasyToHit();
    }
  }
});

test('on a phone the ledger shows where a clause stands without scrolling sideways', async ({ planner }) => {
  await planner.page.setViewportSize({ width: 390, height: 844 });
  await planner.opens(`/ledger?area=${town}`);
  const stands = planner.page.locator('.ledger tr').filter({ hasText: '1.1.7' }).locator('.standing').first();
  const box = await stands.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(390);
  await planner.fitsTheScreen();
  await planner.findsNoBarrier();
});
