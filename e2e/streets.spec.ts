// Streets coloured by how far it is from them to the nearest place.

import { expect, test, town } from './planner';

const fitness = 'sport.fitness_10min';

interface StreetLayer {
  breaks: number[];
  lines: { sizes: number[] };
  marks: { sizes: number[]; offsets: number[]; distances: number[] };
}

/** Metres of street by class, tried metre by metre. */
function lengths({ breaks, marks }: StreetLayer): number[] {
  const found = [0, 0, 0, 0];
  let at = 0;
  for (const size of marks.sizes) {
    for (let k = at; k + 1 < at + size; k++) {
      const [from, to] = [(marks.offsets[k] ?? 0) / 10, (marks.offsets[k + 1] ?? 0) / 10];
      const [near, far] = [(marks.distances[k] ?? 0) / 10, (marks.distances[k + 1] ?? 0) / 10];
      const steps = Math.max(1, Math.ceil(to - from));
      for (let i = 0; i < steps; i++) {
        const s = ((i + 0.5) * (to - from)) / steps;
        const metres = Math.min(near + s, far + to - from - s);
        const group = breaks.findIndex((limit) => metres <= limit);
        const into = group < 0 ? 3 : group;
        found[into] = (found[into] ?? 0) + (to - from) / steps;
      }
    }
    at += size;
  }
  return found;
}

test('the streets are coloured by the way to the nearest place, and the legend measures them', async ({ planner, server }) => {
  const { page } = planner;
  await planner.opens(`/map?area=${town}&indicator=${fitness}`);
  await page.getByRole('navigation', { name: '地图图层' }).getByRole('link', { name: '街道' }).click();
  await expect(page).toHaveURL(/layer=streets/);
  const layer = await server.get<StreetLayer>(`/layers/${fitness}/${town}/streets`);
  expect(layer.lines.sizes.length).toBeGreaterThan(20);
  expect(layer.marks.distances.every((distance) => distance >= 0), 'every street of the town leads to a place').toBe(true);
  const legend = page.locator('.map-card .legend li .number');
  await expect(legend.first()).toContainText('公里');
  const shown = (await legend.allInnerTexts()).filter((text) => text.includes('公里')).map((text) => Number(text.replace(/[^\d.]/g, '')));
  const measured = lengths(layer).filter((metres) => metres > 0).map((metres) => metres / 1000);
  expect(shown).toHaveLength(measured.length);
  shown.forEach((kilometres, i) => { expect(Math.abs(kilometres - (measured[i] ?? NaN))).toBeLessThan(0.11); });

  // They are painted, in the colours of the legend.
  await expect(page.locator('.map-ground')).toHaveAttribute('data-ground', 'idle');
  const painted = async () => {
    const shot = (await page.locator('.map-frame').screenshot()).toString('base64');
    return page.evaluate(async (png) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext('2d');
      context?.drawImage(picture, 0, 0);
      const { data } = context?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] as number[] };
      const count = (r: number, g: number, b: number) => {
        let pixels = 0;
        for (let i = 0; i + 2 < data.length; i += 4) {
          if (Math.abs((data[i] ?? 0) - r) + Math.abs((data[i + 1] ?? 0) - g) + Math.abs((data[i + 2] ?? 0) - b) < 12) pixels++;
        }
        return pixels;
      };
      return { near: count(0x1b, 0x5c, 0x96), beyond: count(0xd8, 0x74, 0x2a) };
    }, shot);
  };
  await expect.poll(async () => (await painted()).near).toBeGreaterThan(200);
  expect((await painted()).beyond).toBeGreaterThan(20);

  // Who is too far is listed below all the same; the link holds the layer.
  await expect(page.locator('.place-table tbody tr').first()).toBeVisible();
  await planner.findsNoBarrier();
  await page.reload();
  await expect(legend.first()).toContainText('公里');
  await page.getByRole('navigation', { name: '地图图层' }).getByRole('link', { name: '居民' }).click();
  await expect(page).not.toHaveURL(/layer=/);
  await expect(page.locator('.map-card .legend li .number').first()).toContainText('人');
});

test('coloured streets fit a phone', async ({ planner }) => {
  await planner.page.setViewportSize({ width: 390, height: 844 });
  await planner.opens(`/map?area=${town}&indicator=${fitness}&layer=streets`);
  await expect(planner.page.locator('.map-card .legend li .number').first()).toContainText('公里');
  await planner.fitsTheScreen();
  await planner.isEasyToHit();
});
