//! Takes out of scripts and style sheets what only people read: comments and indentation.
//!
//! It works line by line and no finer, so it cannot tell a string from code and does not have to: neither the scripts that
//! wasm-bindgen writes nor the style sheets here have a text that spans lines.

use std::fs;
use std::io;
use std::path::Path;

/// Shortens every script and style sheet of a folder.
pub fn folder(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js" || extension == "css") {
            fs::write(&path, lines(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// The text without lines that are comments or empty, and without indentation.
fn lines(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        let begins = line.starts_with("/*");
        if begins || in_comment {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn comments_and_indentation_go() {
        let text = "/**\n * What it is.\n */\nfunction f() {\n    // why\n    return 1; // kept\n}\n\n/* one line */\na {\n  b: c;\n}\n";
        assert_eq!(lines(text), "function f() {\nreturn 1; // kept\n}\na {\nb: c;\n}\n");
    }
}
