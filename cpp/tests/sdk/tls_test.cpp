// TLS of the client: who is trusted, what is shown, and what is said of certificates that can't be used.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "dh_advisor/c_api.h"
#include "support/c_api_fixture.h"
#include "support/certificates.h"
#include "support/scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

std::shared_ptr<grpc::ServerCredentials> server_of(const CertificatePair& pair, const std::string& client_ca = {}) {
  grpc::SslServerCredentialsOptions options(client_ca.empty()
                                                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = client_ca;
  options.pem_key_cert_pairs.push_back({pair.key, pair.certificate});
  return grpc::SslServerCredentials(options);
}

/// A file that goes with the test.
class PemFile {
 public:
  explicit PemFile(const std::string& text) : path_(::testing::TempDir() + "tls_test.pem") {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~PemFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class Tls : public ::testing::Test {
 protected:
  Status status_with(const ScriptedAdvisor& advisor, TlsOptions tls) {
    SessionOptions options = options_for(advisor);
    options.tls = std::move(tls);
    const auto session = Session::open(options, small_plan());
    EXPECT_EQ(session->is_live(), session->status().ok());
    return session->status();
  }

  Authority authority_{"authority"};
  Authority another_{"another"};
  CertificatePair server_ = authority_.sign("server", "IP:127.0.0.1");
};

TEST_F(Tls, ReachesAHostItTrustsByTextOrByFile) {
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK, server_of(server_));
  EXPECT_TRUE(status_with(advisor, {authority_.certificate(), {}, {}, {}}).ok());
  const PemFile file(authority_.certificate());
  EXPECT_TRUE(status_with(advisor, {file.path(), {}, {}, {}}).ok());
}

TEST_F(Tls, TellsNothingToAHostItDoesNotTrust) {
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK, server_of(server_));
  EXPECT_EQ(status_with(advisor, {another_.certificate(), {}, {}, {}}).code, StatusCode::kUnreachable);
  // Nor one whose certificate is of another place, or has ended.
  EXPECT_EQ(status_with(advisor, {authority_.certificate(), {}, {}, "advisor.example"}).code, StatusCode::kUnreachable);
  ScriptedAdvisor ended(answer_well, grpc::Status::OK, server_of(authority_.sign("server", "IP:127.0.0.1", -1)));
  EXPECT_EQ(status_with(ended, {authority_.certificate(), {}, {}, {}}).code, StatusCode::kUnreachable);
  ScriptedAdvisor plain(answer_well);
  EXPECT_EQ(status_with(plain, {authority_.certificate(), {}, {}, {}}).code, StatusCode::kUnreachable);
  EXPECT_TRUE(advisor.events().empty());
  EXPECT_TRUE(ended.events().empty());
  EXPECT_TRUE(plain.events().empty());
}

TEST_F(Tls, PlainTextReachesNoHostOfTls) {
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK, server_of(server_));
  const auto session = Session::open(options_for(advisor), small_plan());
  EXPECT_EQ(session->status().code, StatusCode::kUnreachable);
  EXPECT_TRUE(advisor.events().empty());
}

TEST_F(Tls, TheNameOfTheHostCanBeGiven) {
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK, server_of(authority_.sign("server", "DNS:advisor.example")));
  EXPECT_EQ(status_with(advisor, {authority_.certificate(), {}, {}, {}}).code, StatusCode::kUnreachable);
  EXPECT_TRUE(status_with(advisor, {authority_.certificate(), {}, {}, "advisor.example"}).ok());
}

TEST_F(Tls, ShowsACertificateToAHostThatAsksForOne) {
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK, server_of(server_, authority_.certificate()));
  const auto with = [&](const CertificatePair& own) {
    return status_with(advisor, {authority_.certificate(), own.certificate, own.key, {}}).code;
  };
  EXPECT_EQ(with(authority_.sign("optimizer", "")), StatusCode::kOk);
  EXPECT_EQ(with({}), StatusCode::kUnreachable);
  EXPECT_EQ(with(another_.sign("optimizer", "")), StatusCode::kUnreachable);
  EXPECT_EQ(with(authority_.sign("optimizer", "", -1)), StatusCode::kUnreachable);
  const CertificatePair own = authority_.sign("optimizer", "");
  EXPECT_EQ(with({own.certificate, authority_.sign("optimizer", "").key}), StatusCode::kUnreachable);
}

TEST_F(Tls, NamesWhatCannotBeUsed) {
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK, server_of(server_));
  const auto refusal = [&](TlsOptions tls) {
    const Status status = status_with(advisor, std::move(tls));
    EXPECT_EQ(status.code, StatusCode::kInvalidInput) << status.message;
    return status.message;
  };
  const std::string ca = authority_.certificate();
  EXPECT_EQ(refusal({"/nowhere/ca.crt", {}, {}, {}}),
            "session options: tls.ca cannot be read: /nowhere/ca.crt: No such file or directory");
  EXPECT_NE(refusal({::testing::TempDir(), {}, {}, {}}).find("tls.ca "), std::string::npos);
  const PemFile text("no PEM at all");
  EXPECT_NE(refusal({text.path(), {}, {}, {}}).find("tls.ca holds no CERTIFICATE in PEM form"), std::string::npos);
  const PemFile large(std::string((1 << 20) + 1, 'x'));
  EXPECT_NE(refusal({large.path(), {}, {}, {}}).find("larger than 1 MiB"), std::string::npos);
  EXPECT_NE(refusal({ca, server_.key, server_.key, {}}).find("tls.certificate holds no"), std::string::npos);
  EXPECT_NE(refusal({ca, server_.certificate, server_.certificate, {}}).find("tls.key holds no PRIVATE KEY"),
            std::string::npos);
  EXPECT_NE(refusal({ca, server_.certificate, {}, {}}).find("tls.key is empty"), std::string::npos);
  EXPECT_NE(refusal({ca, {}, server_.key, {}}).find("tls.certificate is empty"), std::string::npos);
  EXPECT_NE(refusal({std::string("a\0b", 3), {}, {}, {}}).find("tls.ca"), std::string::npos);
  EXPECT_TRUE(advisor.events().empty());
}

class TlsInC : public CApiTest {};

TEST_F(TlsInC, HasTheSame) {
  const Authority authority("authority");
  ScriptedAdvisor advisor(answer_well, grpc::Status::OK,
                          server_of(authority.sign("server", "DNS:advisor.example"), authority.certificate()));
  const CertificatePair own = authority.sign("optimizer", "");
  const std::string address = advisor.address();
  const std::string ca = authority.certificate();
  dh_advisor_session_options options{};
  options.struct_size = sizeof options;
  options.address = address.c_str();
  options.mode = DH_ADVISOR_MODE_ADVISE;
  options.connect_deadline_ms = options.start_deadline_ms = options.iteration_deadline_ms = 10000;
  const auto is_live = [&] {
    dh_advisor_session* session = dh_advisor_open_with(&options, &plan_);
    const bool live = dh_advisor_is_live(session) != 0;
    dh_advisor_close(session);
    return live;
  };
  options.tls_ca = ca.c_str();
  options.tls_certificate = own.certificate.c_str();
  options.tls_key = own.key.c_str();
  options.tls_server_name = "advisor.example";
  EXPECT_FALSE(is_live());
  options.uses_tls = 1;
  EXPECT_TRUE(is_live());
  options.tls_certificate = options.tls_key = nullptr;
  EXPECT_FALSE(is_live());
  // A program that was compiled before there was TLS.
  options.struct_size = offsetof(dh_advisor_session_options, uses_tls);
  EXPECT_FALSE(is_live());
}

}  // namespace
}  // namespace dh_advisor::testing
