import 'i18next';
import type zhCN from './zh-CN.json';

// Makes a key that does not exist an error of the compiler.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN };
  }
}
