require ["fileinto", "mailbox"];
if header :contains ["X-Spam", "X-Is-Spam"] "Yes" {
    fileinto :create "Junk";
    stop;
}
