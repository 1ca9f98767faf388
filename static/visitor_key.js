// Keeps a visitor's key in a cookie of this browser, where the server finds it at the next visit.

const NAME = "digit_lab_visitor";
const KEY = /^[0-9a-f]{32}$/;
const YEAR = 365 * 24 * 3600;

export default ({ data, setStateValue }) => {
  const kept = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${NAME}=`));
  const value = kept?.slice(NAME.length + 1);
  const known = KEY.test(value) ? value : null; // what the server would not take for a key is written over
  if (known && known !== data.key) {
    // another tab was first
    setStateValue("key", known);
  } else if (!known) {
    const safe = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${NAME}=${data.key}; Max-Age=${YEAR}; Path=/; SameSite=Strict${safe}`;
  }
};
