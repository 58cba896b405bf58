import { useTranslation } from 'react-i18next';

/** Prints the screen, which fills one A4 page. */
export function PrintButton() {
  const { t } = useTranslation();
  return (
    <button type="button" onClick={() => { window.print(); }}>
      {t('app.print')}
    </button>
  );
}
