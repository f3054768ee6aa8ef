//! Moves inline scripts to files: `script-src 'self'` runs nothing that stands in the page itself.

use std::hash::{DefaultHasher, Hash, Hasher};

/// A page without inline scripts, and the scripts that were in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Moved {
    /// The page, naming the scripts by `src`.
    pub page: String,
    /// The scripts, in page order.
    pub scripts: Vec<Script>,
}

/// A script to be written beside the page.
#[derive(Debug, PartialEq, Eq)]
pub struct Script {
    /// The file's name, which changes with its text.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Moves every inline script of `page` out; the page refers to them below `public_url`, which ends in a slash.
///
/// # Errors
///
/// When a script tag is not closed, or when there is no inline script: Trunk always leaves its loader, so then Trunk has
/// changed and this has to be looked at.
pub fn move_out(page: &str, public_url: &str) -> Result<Moved, String> {
    let mut moved = Moved { page: String::with_capacity(page.len()), scripts: Vec::new() };
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        let (before, from_tag) = rest.split_at(start);
        let (tag, after_tag) = from_tag.split_once('>').ok_or("a script tag is not closed")?;
        let (text, after) = after_tag.split_once("</script>").ok_or("a script has no end")?;
        moved.page += before;
        if text.trim().is_empty() {
            moved.page.extend([tag, "></script>"]);
        } else {
            let script = Script::of("boot", text.trim());
            moved.page.extend([tag, " src=\"", public_url, &script.name, "\"></script>"]);
            moved.scripts.push(script);
        }
        rest = after;
    }
    moved.page += rest;
    if moved.scripts.is_empty() {
        return Err(String::from("the page holds no inline loader: has Trunk changed?"));
    }
    Ok(moved)
}

impl Script {
    /// A script that is called by its `kind` and its text.
    pub fn of(kind: &str, text: &str) -> Self {
        // The name only has to differ where the text does; `DefaultHasher::new` is the same in every run.
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self { name: format!("{kind}-{:016x}.js", hasher.finish()), text: format!("{text}\n") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "<head><script src=\"a.js\"></script><script type=\"module\">\nload()\n</script></head>";

    #[test]
    fn an_inline_script_becomes_a_file() {
        let moved = move_out(PAGE, "./").expect("the page is well formed");
        let [script] = moved.scripts.as_slice() else { panic!("one script: {moved:?}") };
        assert_eq!(script.text, "load()\n");
        assert_eq!(
            moved.page,
            format!(
                "<head><script src=\"a.js\"></script><script type=\"module\" src=\"./{}\"></script></head>",
                script.name
            )
        );
    }

    #[test]
    fn the_name_follows_the_text() {
        let name = |text: &str| Script::of("boot", text).name;
        assert_eq!(name("load()"), name("load()"));
        assert_ne!(name("load()"), name("load();"));
    }

    #[test]
    fn a_page_without_a_loader_is_an_error() {
        assert!(move_out("<head><script src=\"a.js\"></script></head>", "./").is_err());
        assert!(move_out("<head><script>load()", "./").is_err());
    }
}
