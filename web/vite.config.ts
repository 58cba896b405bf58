import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const dist = fileURLToPath(new URL('dist', import.meta.url));

// dist/ holds a committed placeholder page, so the build may not empty it; only
// what an earlier build wrote goes.
function removeOldBuild(): Plugin {
  return {
    name: 'remove-old-build',
    apply: 'build',
    buildStart() {
      for (const left of ['assets', 'index.html', 'favicon.svg']) {
        rmSync(`${dist}/${left}`, { recursive: true, force: true });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), removeOldBuild()],
  build: {
    emptyOutDir: false,
    manifest: true, // for scripts/check-size.mjs
    // The server's content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': process.env['LIFECIRCLE_API'] ?? 'http://127.0.0.1:8080' } },
});
