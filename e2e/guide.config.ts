// Takes the pictures of docs/guide/planner.md anew: npx playwright test -c guide.config.ts

import { defineConfig } from '@playwright/test';
import journeys from './playwright.config';

export default defineConfig({ ...journeys, testMatch: 'guide.pictures.ts', timeout: 600_000 });
