// How long a reader of the whole region waits, printed and held to nothing.
// npx playwright test --config bench.config.ts

import { expect, test } from './planner';
import { workOfBrowsers } from './processor';

const loads = 3;

test.use({ extent: 'region' });
test.setTimeout(240_000);

// The goals: the scoreboard is painted after 1.5 s, the map is idle after 3 s.
for (const [what, path, sign] of [
  ['scoreboard', '/?area=640000', '.targets .row-main'],
  ['map', '/map?area=640000&indicator=sport.fitness_10min', '[data-ground=idle]'],
] as const) {
  test(`${what}: what is read, and until when`, async ({ page, server }) => {
    await server.results('640000'); // what the server begins with when it starts
    const debug = await page.context().newCDPSession(page);
    await debug.send('Network.enable');
    let bytes = 0;
    debug.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
    for (let load = 1; load <= loads; load++) {
      bytes = 0;
      const worked = workOfBrowsers();
      await page.goto(server.url + path, { waitUntil: 'commit' });
      await expect(page.locator(sign).first()).toBeVisible();
      const milliseconds = await page.evaluate(() => performance.now());
      await page.waitForLoadState('networkidle');
      console.log(`${what}, load ${load}: after ${milliseconds.toFixed(0)} ms, ${(workOfBrowsers() - worked).toFixed(0)} ms of processor; ${(bytes / 1000).toFixed(0)} kB`);
    }
  });
}
