// How often a drag is painted, printed and held to nothing: speed is measured, not tested.
// npx playwright test --config drag.config.ts

import { expect, test, town } from './planner';

const fitness = 'sport.fitness_10min';

test.setTimeout(180_000);

test('painted updates a second while a place is dragged', async ({ planner, server }) => {
  await planner.opens(`/map?area=${town}&indicator=${fitness}`);
  const { facilities } = await server.get<{ facilities: { lon: number; lat: number }[] }>(`/layers/${fitness}/${town}`);
  const at = facilities[0];
  if (at === undefined) throw new Error('the town has no place');
  await expect(planner.page.locator('[data-ground=idle]')).toBeVisible();
  const start = await planner.page.locator('.map-frame').first().evaluate((frame, { lon, lat }) => {
    const box = frame.getBoundingClientRect();
    const [centreLon = 0, centreLat = 0, zoom = 0] = (frame as HTMLElement).dataset['view']?.split(',').map(Number) ?? [];
    const scale = 256 * 2 ** zoom;
    const y = (degrees: number) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) / (2 * Math.PI);
    return { x: box.x + box.width / 2 + ((lon - centreLon) / 360) * scale, y: box.y + box.height / 2 + (y(lat) - y(centreLat)) * scale };
  }, at);
  const answers: number[] = [];
  planner.page.on('response', (response) => {
    if (response.url().endsWith('/what-if')) void response.json().then((body: { engine_ms: number }) => answers.push(body.engine_ms), () => undefined);
  });
  await planner.page.mouse.move(start.x, start.y);
  await planner.page.mouse.down();
  const before = await planner.page.evaluate(() => { performance.clearMarks('trial-painted'); return performance.now(); });
  for (let i = 0; i < 60; i++) await planner.page.mouse.move(start.x + 60 * Math.sin(i / 8), start.y + 60 * Math.cos(i / 8) - 60);
  const { painted, seconds } = await planner.page.evaluate((from) => ({
    painted: performance.getEntriesByName('trial-painted').length,
    seconds: (performance.now() - from) / 1000,
  }), before);
  await planner.page.mouse.up();
  const sorted = answers.toSorted((a, b) => a - b);
  console.log(`${painted} updates painted in ${seconds.toFixed(1)} s: ${(painted / seconds).toFixed(1)} a second; server p50 ${sorted[Math.floor(sorted.length / 2)]} ms, p99 ${sorted[Math.floor(sorted.length * 0.99)]} ms of ${sorted.length}`);
});
