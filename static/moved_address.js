// Replaces the page's address and has Streamlit open it, as after Back or Forward.
export default ({ data }) => {
  const here = new URL(location.href);
  here.pathname = here.pathname.replace(/\/+$/, "");
  history.replaceState(null, "", new URL(data.to, here));
  dispatchEvent(new PopStateEvent("popstate"));
};
