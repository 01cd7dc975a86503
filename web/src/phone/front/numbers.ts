/** What a number that is typed into the public search is, told before it is sent anywhere. */
const CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/** Six digits of a place, a day of birth, four more. */
const BORN = /^\d{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/i;
const OLD = /^\d{6}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$/;

/** Whether a text has a unified social credit code's form. */
export function isCodeLike(text: string): boolean {
  return /^[0-9A-Z]{18}$/i.test(text);
}

/** Whether a code's last character is the one that the others ask for (GB 32100). */
export function isCode(text: string): boolean {
  const places = [...text.toUpperCase()].map((one) => CODE.indexOf(one));
  if (places.length !== 18 || places.includes(-1)) return false;
  const sum = places.slice(0, 17).reduce((sum, place, n) => sum + place * (3 ** n % 31), 0);
  return (31 - (sum % 31)) % 31 === places[17];
}

/** Whether it is somebody's own number: it has a day of birth where such a number has one, and is no organisation's code. */
export function isPersonal(text: string): boolean {
  return (BORN.test(text) || OLD.test(text)) && !isCode(text);
}
