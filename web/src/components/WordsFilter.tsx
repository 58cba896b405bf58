import { useTranslation } from 'react-i18next';

interface Props {
  value: string;
  onChange: (value: string) => void;
}

/** Narrows a list to what contains the words. */
export function WordsFilter({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <label className="inline">
      <span>{t('table.words')}</span>
      <input type="search" name="words" size={12} value={value} onChange={(event) => { onChange(event.target.value); }} />
    </label>
  );
}
