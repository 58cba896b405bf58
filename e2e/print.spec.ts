import { expect, test, town, type Planner } from './planner';

/** Pages of what the browser would print. */
async function pagesOf(planner: Planner): Promise<number> {
  const pdf = await planner.page.pdf({ preferCSSPageSize: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

test('the scoreboard and each kind of indicator print on one A4 page', async ({ planner, server }) => {
  await planner.opensScoreboard();
  expect(await pagesOf(planner)).toBe(1);
  const results = (await server.results(town)).filter((result) => result.chosen);
  // One that is drawn on a map, one of figures, one that is judged row by row.
  for (const indicator of ['sport.fitness_10min', 'sport.ground_per_person', 'elder.new_estate_rate']) {
    expect(results.map((result) => result.indicator)).toContain(indicator);
    for (const language of ['', '&lang=en']) {
      await planner.opensPromise(indicator, language);
      await expect(planner.page.locator('.trend')).toBeVisible();
      expect(await pagesOf(planner), indicator + language).toBe(1);
    }
  }
});

test('what was reported over the years is drawn with the way to the target, and stands as a table', async ({ planner, server }) => {
  const put = async (element: string, period: number, value: string) => {
    const response = await fetch(`${server.url}/api/v1/values/${element}/${town}/${period}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ value, source: '年报', provenance: 'real' }),
    });
    expect(response.status).toBe(200);
  };
  for (const [year, ground] of [[2021, '20000'], [2022, '22000'], [2023, '24000'], [2024, '26000']] as const) {
    await put('public_sports_ground', year, ground);
    await put('resident_population', year, '10000');
  }
  await planner.opens(`/indicator?area=${town}&indicator=sport.ground_per_person&period=2024`);
  const table = planner.page.locator('.trend table');
  await expect(table.getByRole('row', { name: /^实际/ })).toContainText('22.22.42.6');
  // Along the trend 2025 comes to 2.8, short of 3.15.
  await expect(table.getByRole('row', { name: /按趋势推算/ })).toContainText('2.8');
  await expect(planner.page.locator('.trend > svg .measured-point')).toHaveCount(4);
  const result = (await server.get<{ results: { indicator: string; projection: number }[] }>(`/results?area=${town}&period=2024`)).results
    .find(({ indicator }) => indicator === 'sport.ground_per_person');
  expect(result?.projection).toBe(2.8);
  await planner.findsNoBarrier();
  await planner.opens(`/?area=${town}&period=2024`);
  await expect(planner.row('1.1.6').locator('.spark')).toHaveAttribute('aria-label', /2021 年 2，2024 年 2\.6/);
});
