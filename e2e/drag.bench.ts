// How often a drag is painted, printed and held to nothing: speed is measured, not tested.
// npx playwright test --config bench.config.ts

import { expect, test, town } from './planner';
import { workOfBrowsers } from './processor';

const fitness = 'sport.fitness_10min';
const moves = 60;

test.setTimeout(240_000);

// The goal is 10 painted updates a second on the demonstration.
for (const [extent, area] of [['town', town], ['region', '640000']] as const) {
  test.describe(extent, () => {
    test.use({ extent });
    test('painted updates a second while a place is dragged', async ({ planner, server }) => {
      await planner.opens(`/map?area=${area}&indicator=${fitness}`);
      const { facilities } = await server.get<{ facilities: { lon: number; lat: number }[] }>(`/layers/${fitness}/${area}`);
      await expect(planner.page.locator('[data-ground=idle]')).toBeVisible();
      // The place nearest to the middle, so that the whole way lies in the frame.
      const start = await planner.page.locator('.map-frame').first().evaluate((frame, all) => {
        const box = frame.getBoundingClientRect();
        const [centreLon = 0, centreLat = 0, zoom = 0] = (frame as HTMLElement).dataset['view']?.split(',').map(Number) ?? [];
        const scale = 256 * 2 ** zoom;
        const y = (degrees: number) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) / (2 * Math.PI);
        const off = all.map(({ lon, lat }) => ({ x: ((lon - centreLon) / 360) * scale, y: (y(lat) - y(centreLat)) * scale }));
        const nearest = off.reduce((a, b) => (Math.hypot(a.x, a.y) <= Math.hypot(b.x, b.y) ? a : b));
        return { x: box.x + box.width / 2 + nearest.x, y: box.y + box.height / 2 + nearest.y };
      }, facilities);
      const answers: number[] = [];
      planner.page.on('response', (response) => {
        if (response.url().endsWith('/what-if')) void response.json().then((body: { engine_ms: number }) => answers.push(body.engine_ms), () => undefined);
      });
      await planner.page.mouse.move(start.x, start.y);
      await planner.page.mouse.down();
      const before = await planner.page.evaluate(() => { performance.clearMarks('trial-painted'); return performance.now(); });
      const worked = workOfBrowsers();
      for (let i = 0; i < moves; i++) await planner.page.mouse.move(start.x + 60 * Math.sin(i / 8), start.y + 60 * Math.cos(i / 8) - 60);
      const { painted, seconds } = await planner.page.evaluate((from) => ({
        painted: performance.getEntriesByName('trial-painted').length,
        seconds: (performance.now() - from) / 1000,
      }), before);
      const work = workOfBrowsers() - worked;
      await planner.page.mouse.up();
      const sorted = answers.toSorted((a, b) => a - b);
      console.log(
        `${extent}: ${painted} updates painted in ${seconds.toFixed(1)} s: ${(painted / seconds).toFixed(1)} a second; ` +
        `${(work / painted).toFixed(0)} ms of processor for each in the browser; ` +
        `engine p50 ${sorted[Math.floor(sorted.length / 2)]} ms, p99 ${sorted[Math.floor(sorted.length * 0.99)]} ms of ${sorted.length}`,
      );
    });
  });
}
