use std::fs;
use std::io::{self, Cursor};
use std::path::{Component, Path, PathBuf};

use tiny_http::{Header, Method, Response};

use crate::content_type::content_type;
use crate::policy::CONTENT_SECURITY_POLICY;

/// A folder of static files with an `index.html`.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
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

    /// The answer to one request; `url` is the request's path with its query.
    pub fn answer(&self, method: &Method, url: &str) -> Response<Cursor<Vec<u8>>> {
        if !matches!(method, Method::Get | Method::Head) {
            return with_headers(Response::from_string("Only GET and HEAD.").with_status_code(405));
        }
        let Some((path, octets)) =
            self.path_of(url).and_then(|path| Some((path.clone(), fs::read(path).ok()?)))
        else {
            return with_headers(Response::from_string("Not found.").with_status_code(404));
        };
        with_headers(Response::from_data(octets)).with_header(header("Content-Type", content_type(&path)))
    }

    /// The file that a request names, none if the path would leave the folder.
    fn path_of(&self, url: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next()?.trim_start_matches('/');
        let path = Path::new(if path.is_empty() { "index.html" } else { path });
        let inside = path.components().all(|component| matches!(component, Component::Normal(_)));
        inside.then(|| self.folder.join(path))
    }
}

fn with_headers(response: Response<Cursor<Vec<u8>>>) -> Response<Cursor<Vec<u8>>> {
    response
        .with_header(header("Content-Security-Policy", CONTENT_SECURITY_POLICY))
        .with_header(header("Cache-Control", "no-store"))
        .with_header(header("X-Content-Type-Options", "nosniff"))
        .with_header(header("Referrer-Policy", "no-referrer"))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("the names and values above are plain ASCII")
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
    fn every_answer_carries_the_policy() {
        let site = Site { folder: PathBuf::from("no such folder") };
        for (method, status) in [(Method::Get, 404), (Method::Post, 405)] {
            let answer = site.answer(&method, "/");
            assert_eq!(answer.status_code().0, status);
            let policy = answer.headers().iter().find(|header| header.field.equiv("Content-Security-Policy"));
            assert_eq!(policy.map(|header| header.value.as_str()), Some(CONTENT_SECURITY_POLICY));
        }
    }

    #[test]
    fn a_folder_without_a_page_is_refused() {
        let refused = Site::open(Path::new("src")).expect_err("there is no index.html in src");
        assert_eq!(refused.kind(), io::ErrorKind::NotFound);
    }
}
