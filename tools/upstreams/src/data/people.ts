/** Invented names; any likeness to a person is chance. */
export const firstNames: readonly string[] = [
  'Aino', 'Anton', 'Bea', 'Bruno', 'Carla', 'Cian', 'Dana', 'Dario', 'Elin', 'Emil', 'Fatou', 'Felix', 'Greta',
  'Hugo', 'Ida', 'Ivo', 'Jana', 'Jonas', 'Kaja', 'Kemal', 'Lena', 'Luca', 'Maja', 'Milan', 'Nadia', 'Nils', 'Olga',
  'Oskar', 'Paula', 'Pavel', 'Rania', 'Rune', 'Sara', 'Sven', 'Tessa', 'Timo', 'Ula', 'Viktor', 'Wanda', 'Yara',
]; // prettier-ignore

export const lastNames: readonly string[] = [
  'Aalto', 'Andersen', 'Bianchi', 'Brandt', 'Castell', 'Czerny', 'Dubois', 'Eklund', 'Ferrer', 'Fischer', 'Gallo',
  'Haas', 'Horvat', 'Ibarra', 'Jansen', 'Keane', 'Kowal', 'Lehmann', 'Lund', 'Marin', 'Meyer', 'Nowak', 'Okafor',
  'Olsen', 'Pascal', 'Petit', 'Quinn', 'Ricci', 'Romero', 'Sander', 'Silva', 'Thorne', 'Ueda', 'Varga', 'Vermeer',
  'Weber', 'Wolff', 'Yilmaz', 'Zeller', 'Zimmer',
]; // prettier-ignore
