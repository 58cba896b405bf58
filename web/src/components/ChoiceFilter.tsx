import { useTranslation } from 'react-i18next';

export interface Choice {
  value: string;
  label: string;
}

interface Props {
  name: string;
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
}

/** Narrows a list to one choice, or to none. */
export function ChoiceFilter({ name, label, value, choices, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <label className="inline">
      <span>{label}</span>
      <select name={name} value={value} onChange={(event) => { onChange(event.target.value); }}>
        <option value="">{t('table.all')}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
