import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  workers: 1, // each has a server of its own; two would fight for the machine
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 }, // the first evaluation of a region takes seconds while other tests run
  reporter: 'line',
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--force-color-profile=srgb',
        '--font-render-hinting=none',
        '--hide-scrollbars',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
