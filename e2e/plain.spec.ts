// A browser without WebGL, as on old office machines and over remote desktops.

import { expect, test, town } from './planner';

const fitness = 'sport.fitness_10min';

test.use({
  launchOptions: {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-webgl', '--hide-scrollbars'],
  },
});

test('without WebGL the map is drawn on a plain canvas, and its table works', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/map?area=${town}&indicator=${fitness}`);
  expect(await page.evaluate(() => document.createElement('canvas').getContext('webgl2')), 'WebGL is off').toBeNull();
  // Streets and people are many pixels of several colours.
  const colours = () =>
    page.locator('.map-marks').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] };
      const seen = new Set<string>();
      for (let i = 0; i + 3 < data.length; i += 4) if (data[i + 3] === 255) seen.add(`${data[i]} ${data[i + 1]} ${data[i + 2]}`);
      return seen.size;
    });
  await expect.poll(colours).toBeGreaterThan(4);
  await expect(page.locator('.map-ground')).toHaveCount(0);
  const { points } = await server.get<{ points: { id: string; verdict: string }[] }>(`/layers/${fitness}/${town}`);
  await page.locator('.place-table select').selectOption('fail');
  await expect(page.locator('.place-table tbody tr')).toHaveCount(points.filter(({ verdict }) => verdict === 'fail').length);
  await page.locator('.place-table tbody button').first().press('Enter');
  await expect(page.locator('.map-tip')).toContainText('未达标');
  // A step is tried and a map key moves the map.
  const frame = page.locator('.map-frame');
  const before = await frame.getAttribute('data-view');
  await frame.press('+');
  await expect(frame).not.toHaveAttribute('data-view', before ?? '');
  await planner.findsNoBarrier();
});
