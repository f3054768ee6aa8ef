use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::content_type::content_type;

/// A folder of static files with an `index.html`.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
}

/// What a request gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code and reason.
    pub status: &'static str,
    /// Media type of the body.
    pub content_type: &'static str,
    /// The file, or why there is none.
    pub body: Vec<u8>,
}

impl Site {
    /// Fails where the folder holds no page.
    pub fn open(folder: &Path) -> io::Result<Self> {
        if !folder.join("index.html").is_file() {
            let problem = format!("{} holds no index.html; `make build` makes it", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, problem));
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// The answer to one request; `target` is its path with the query.
    pub fn answer(&self, method: &str, target: &str) -> Answer {
        if !matches!(method, "GET" | "HEAD") {
            return Answer::without_file("405 Method Not Allowed", "Only GET and HEAD.");
        }
        let file = self.path_of(target).and_then(|path| Some((content_type(&path), fs::read(path).ok()?)));
        match file {
            Some((content_type, body)) => Answer { status: "200 OK", content_type, body },
            None => Answer::without_file("404 Not Found", "Not found."),
        }
    }

    /// The file that a request names, none if the path would leave the folder.
    fn path_of(&self, target: &str) -> Option<PathBuf> {
        let path = target.split(['?', '#']).next()?.trim_start_matches('/');
        let path = Path::new(if path.is_empty() { "index.html" } else { path });
        let inside = path.components().all(|component| matches!(component, Component::Normal(_)));
        inside.then(|| self.folder.join(path))
    }
}

impl Answer {
    fn without_file(status: &'static str, reason: &str) -> Self {
        Self { status, content_type: content_type(Path::new("reason.txt")), body: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_the_folder() {
        let site = Site { folder: PathBuf::from("dist") };
        assert_eq!(site.path_of("/"), Some(PathBuf::from("dist/index.html")));
        assert_eq!(site.path_of("/page-1a.js?v=2"), Some(PathBuf::from("dist/page-1a.js")));
        assert_eq!(site.path_of("/../Cargo.toml"), None);
        assert_eq!(site.path_of("/a/../../Cargo.toml"), None);
        assert_eq!(site.path_of("/./a"), None);
    }

    #[test]
    fn a_folder_without_a_page_is_refused() {
        let refused = Site::open(Path::new("src")).expect_err("there is no index.html in src");
        assert_eq!(refused.kind(), io::ErrorKind::NotFound);
    }
}
