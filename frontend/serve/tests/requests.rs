//! The server as a browser meets it: over a connection.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use meterscope_serve::{CONTENT_SECURITY_POLICY, Server};

#[test]
fn files_come_with_their_type_and_under_the_policy() -> io::Result<()> {
    let (server, folder) = serve_one_page()?;
    fs::write(folder.join("page.wasm"), b"\0asm")?;
    let answer = ask(&server, "GET /page.wasm?v=1 HTTP/1.1")?;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nContent-Type: application/wasm\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n\0asm"), "{answer}");
    for request in ["GET / HTTP/1.1", "HEAD / HTTP/1.1", "GET /../Cargo.toml HTTP/1.1", "POST / HTTP/1.1", ""]
    {
        let answer = ask(&server, request)?;
        assert!(
            answer.contains(&format!("\r\nContent-Security-Policy: {CONTENT_SECURITY_POLICY}\r\n")),
            "{answer}"
        );
    }
    assert!(ask(&server, "HEAD / HTTP/1.1")?.ends_with("\r\n\r\n"));
    assert!(ask(&server, "GET /../Cargo.toml HTTP/1.1")?.starts_with("HTTP/1.1 404 "));
    assert!(ask(&server, "POST / HTTP/1.1")?.starts_with("HTTP/1.1 405 "));
    fs::remove_dir_all(folder)
}

#[test]
fn idle_connections_keep_nobody_waiting() -> io::Result<()> {
    let (server, folder) = serve_one_page()?;
    let idle: Vec<_> = (0..20).map(|_| connect(&server)).collect::<io::Result<_>>()?;
    assert!(ask(&server, "GET / HTTP/1.1")?.ends_with("the page"));
    drop(idle);
    fs::remove_dir_all(folder)
}

fn serve_one_page() -> io::Result<(Server, std::path::PathBuf)> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("site-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), "the page")?;
    Ok((Server::start(&folder, 0)?, folder))
}

fn connect(server: &Server) -> io::Result<TcpStream> {
    let url = server.url();
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    TcpStream::connect(host)
}

fn ask(server: &Server, request: &str) -> io::Result<String> {
    let mut stream = connect(server)?;
    write!(stream, "{request}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
